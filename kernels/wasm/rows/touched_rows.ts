import {
  contiguousStrides,
  itemBytes,
  sizeOf,
} from "../../../core/base/mod.ts";
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local } from "../assembler/function_types.ts";
import { nameOf, unitOf, type View } from "../lanes/views.ts";
import type { Cursor } from "../loops/emit_rows.ts";
import { emitPageTouch, PAGE_BYTES } from "../loops/emit_touch.ts";
import { OUTPUT, type RowsPlan } from "./rows_plan.ts";

/** Bytes of rows whose pages are touched at a time. */
const TOUCHED_BYTES = 2 * PAGE_BYTES;
/** Elements of a row up to which what is touched is still there when it is used. */
const LENGTH_MAX = 2 ** 13;
/** Bytes of an array from which the second cache does not hold it. */
const ARRAY_BYTES_MIN = 2 ** 21;

/**
 * The rows that are read next, and those that will be written with what is read: their pages are touched
 * some rows before, since nothing of a page comes by itself before its first lines have been asked for.
 */
export class TouchedRows {
  readonly #f: FunctionBuilder;
  /** Where the next rows start, and how many bytes they have. */
  readonly #rows: readonly { readonly start: Local; readonly bytes: number }[];
  /** How many rows are touched at a time. */
  readonly #together: number;
  /** How many rows are left. */
  readonly #left: Local;
  /** What touching has read, to be used for something. */
  readonly #seen: Local;

  /**
   * Constructs a new instance, before the loop over the rows.
   *
   * @param f Where to write.
   * @param plan The kernel.
   * @param range What moves from row to row, one for each view, and how many rows there are.
   */
  constructor(
    f: FunctionBuilder,
    plan: RowsPlan,
    { cursors, count }: {
      readonly cursors: readonly Cursor[];
      readonly count: Local;
    },
  ) {
    this.#f = f;
    const length = sizeOf(plan.over);
    this.#rows = plan.views.flatMap((view, i) =>
      isTouched(plan, view)
        ? [{ start: cursors[i]!.local, bytes: length * unitOf(view) }]
        : []
    );
    const bytes = length * itemBytes("float32");
    this.#together = Math.max(1, Math.floor(TOUCHED_BYTES / bytes));
    this.#left = f.variable("i32", count);
    this.#seen = f.variable("v128", f.i32x4(0));
  }

  /** Writes the touching of some rows, every few rows and for as many. */
  emit(): void {
    if (this.#rows.length === 0) return;
    const f = this.#f;
    const [left, together] = [this.#left, this.#together];
    const isDue = f.op(
      "i32.and",
      f.op("i32.eqz", f.op("i32.rem_u", left, together)),
      f.op("i32.gt_s", left, 0),
    );
    f.if(isDue, () =>
      f.scoped(() => {
        for (const { start, bytes } of this.#rows) {
          const all = f.variable("i32", together * bytes);
          const seen = emitPageTouch(f, start, all);
          f.assign(this.#seen, "v128.or", this.#seen, seen);
        }
      }));
    f.assign(left, "i32.sub", left, 1);
  }

  /**
   * Writes the use of what was read, behind the loop.
   *
   * @param scratch Some memory of this thread.
   */
  finish(scratch: Local): void {
    this.#f.store("v128.store", scratch, this.#seen);
  }
}

/**
 * Tells whether a kernel touches rows.
 *
 * @param plan The kernel.
 * @returns Whether it does.
 */
export function touchesRows(plan: RowsPlan): boolean {
  return plan.views.some((view) => isTouched(plan, view));
}

/** Whether a view is a large array that is read or written from one end to the other. */
function isTouched({ kernel, outer, over }: RowsPlan, view: View): boolean {
  const sizes = [...outer, ...over];
  const strides = contiguousStrides(sizes);
  const isUsed = view.name === OUTPUT ||
    kernel.body.some((each) =>
      each.kind === "load" && nameOf(each) === view.name
    );
  return isUsed && sizeOf(over) <= LENGTH_MAX &&
    sizeOf(sizes) * unitOf(view) >= ARRAY_BYTES_MIN &&
    view.strides.every((stride, axis) => stride === strides[axis]);
}
