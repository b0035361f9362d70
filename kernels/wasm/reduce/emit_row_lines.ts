/**
 * The loops over the elements of one row, in memory order: lines along its last axis, whose sums are
 * moved into more precise variables every now and then.
 *
 * @module
 */
import { type Shape, sizeOf } from "../../../core/base/mod.ts";
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { type LineView, unitOf, type View } from "../lanes/views.ts";
import { emitLine, type LinePart } from "../loops/emit_line.ts";
import { type Cursor, emitRows } from "../loops/emit_rows.ts";

/** Vectors that one accumulator takes before its sum is moved into `float64`. */
const FLUSH_VECTORS = 64;

/** Instructions a vector up to which a line's code is unrolled. */
const UNROLL_WEIGHT_MAX = 16;

/** The elements of a row. */
export interface RowLines {
  /** Axes of the row, which are the last of the views'. */
  readonly over: Shape;
  /** What is read and written along the row, and where it stands at the row's start. */
  readonly views: readonly (View & { readonly cursor: Local })[];
  /** How many vectors one turn of the loop takes. */
  readonly unroll: number;
}

/** What is done with the elements of a row. */
export interface RowLinesBody {
  /**
   * Writes what stands before a line.
   *
   * @param views The views on the line.
   * @returns What writes the code for up to four elements of it.
   */
  line(views: readonly LineView[]): (part: LinePart) => void;
  /** Writes what has to be done before a sum has taken too many elements. */
  readonly flush?: (() => void) | undefined;
}

/**
 * Decides how far the loop along a line is unrolled.
 *
 * @param weight Instructions a vector.
 * @param length Elements of the line.
 * @returns How many vectors one turn takes.
 */
export function unrollFor(weight: number, length: number): number {
  return weight <= UNROLL_WEIGHT_MAX
    ? Math.max(1, Math.min(4, Math.floor(length / 4)))
    : 1;
}

/**
 * Writes the loops over the elements of one row.
 *
 * @param code Where to write.
 * @param row The row; its views' cursors stay where they are.
 * @param body What is done with its elements.
 */
export function emitRowLines(
  { f }: VectorCode,
  { over, views, unroll }: RowLines,
  body: RowLinesBody,
): void {
  const length = over.at(-1) ?? 1;
  const lines = sizeOf(over.slice(0, -1));
  const copies = () =>
    views.map((view) => ({
      ...view,
      cursor: f.variable("i32", view.cursor),
      stride: over.length === 0 ? 0 : view.strides.at(-1)!,
    }));
  const line = { length, unroll, body };
  if (lines === 1) return emitOneLine(f, { ...line, views: copies() });
  // Short lines are flushed together.
  const flush = new Countdown(
    f,
    Math.max(1, Math.floor(FLUSH_VECTORS * 4 * unroll / Math.max(1, length))),
  );
  const moved = copies();
  const cursors = moved.map((view): Cursor => ({
    local: view.cursor,
    steps: view.strides.slice(-over.length, -1).map((step) =>
      step * unitOf(view)
    ),
  }));
  const range = { sizes: over.slice(0, -1), begin: 0, end: lines, cursors };
  emitRows(f, range, () => {
    const own = moved.map((view) => ({
      ...view,
      cursor: f.variable("i32", view.cursor),
    }));
    emitOneLine(f, { ...line, views: own });
    const { flush: flushBody } = body;
    if (flushBody) flush.step(flushBody);
  });
}

function emitOneLine(
  f: FunctionBuilder,
  { length, unroll, views, body }: {
    readonly length: number;
    readonly unroll: number;
    readonly views: readonly LineView[];
    readonly body: RowLinesBody;
  },
): void {
  const emitVector = body.line(views);
  const cursors = views.map((view) => ({
    local: view.cursor,
    step: view.stride * unitOf(view),
  }));
  const emitPart = (count: number) =>
    emitLine(f, { count, tail: count % 4, unroll, cursors }, emitVector);
  const { flush } = body;
  if (!flush) return emitPart(length);
  const block = FLUSH_VECTORS * 4 * unroll;
  const blocks = Math.floor(length / block);
  if (blocks > 0) {
    const left = f.variable("i32", blocks);
    f.loop((next) => {
      emitPart(block);
      flush();
      f.assign(left, "i32.sub", left, 1);
      f.branchIf(next, left);
    });
  }
  emitPart(length % block);
}

/** Code that runs every so many times that it is passed. */
class Countdown {
  readonly #f: FunctionBuilder;
  readonly #times: number;
  readonly #left: Local;

  constructor(f: FunctionBuilder, times: number) {
    this.#f = f;
    this.#times = times;
    this.#left = f.variable("i32", times);
  }

  step(body: () => void): void {
    const f = this.#f;
    f.assign(this.#left, "i32.sub", this.#left, 1);
    f.if(f.op("i32.eqz", this.#left), () => {
      body();
      f.copy(this.#left, this.#times);
    });
  }
}
