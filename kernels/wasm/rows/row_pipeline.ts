import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import type { LineView } from "../lanes/views.ts";
import { type Cursor, emitRows } from "../loops/emit_rows.ts";
import { emitRowLines, unrollFor } from "../reduce/emit_row_lines.ts";
import { emitRowWalk } from "./row_code.ts";
import {
  emitRowResult,
  type PlacedView,
  RowWalk,
  type Still,
} from "./row_walk.ts";
import type { RowsPlan } from "./rows_plan.ts";
import type { TouchedRows } from "./touched_rows.ts";

/** Elements of a row from which memory is waited for. */
const LENGTH_MIN = 256;
/** Elements up to which the second cache holds the rows of all walks. */
const LENGTH_MAX = 2 ** 16;
/** Vectors that one turn takes: with more, their sums would not fit into registers. */
const UNROLL = 2;

/**
 * Tells whether the walks of a kernel advance together, each along another row: where there are few
 * instructions, so that memory is what they wait for.
 *
 * @param plan The kernel.
 * @returns Whether they do.
 */
export function isPipelined(
  { passes: { passes }, scratchRows, over, outer }: RowsPlan,
): boolean {
  const length = over.at(-1) ?? 1;
  const weight = passes.reduce((sum, pass) => sum + pass.computed.length, 0);
  // A row of scratch memory would be needed by several walks at a time.
  return passes.length > 1 && scratchRows === 0 && over.length === 1 &&
    outer.length > 0 && length >= LENGTH_MIN && length <= LENGTH_MAX &&
    unrollFor(weight, length) >= UNROLL;
}

/**
 * Writes the walks along some rows, all in one loop: while one walk reads a row from memory, the next
 * one is at the row before, and the last one writes the row before that. One after the other they would
 * leave memory idle in all walks but two.
 *
 * @param code Where to write.
 * @param plan The kernel.
 * @param rows Where all views stand at the origin, which rows, and what touches them before.
 */
export function emitPipeline(
  code: VectorCode,
  plan: RowsPlan,
  { cursors, begin, end, touched }: {
    readonly cursors: readonly Cursor[];
    readonly begin: Local;
    readonly end: Local;
    readonly touched: TouchedRows;
  },
): void {
  const { f } = code;
  const pipeline = new Pipeline(code, plan, cursors);
  const behind = plan.passes.passes.length - 1;
  const count = f.op("i32.sub", end, begin);
  const turn = f.variable("i32", 0);
  const sizes = plan.outer;
  const range = { sizes, begin, end: f.op("i32.add", end, behind), cursors };
  emitRows(f, range, () => {
    touched.emit();
    const isFull = f.op(
      "i32.and",
      f.op("i32.ge_s", turn, behind),
      f.op("i32.lt_s", turn, count),
    );
    f.if(
      isFull,
      () => f.scoped(() => pipeline.emitTogether()),
      () => {
        for (let level = 0; level <= behind; level++) {
          const row = f.op("i32.sub", turn, level);
          f.if(
            f.op("i32.lt_u", row, count),
            () => f.scoped(() => pipeline.emitAlone(level)),
          );
        }
      },
    );
    pipeline.emitStep();
    f.assign(turn, "i32.add", turn, 1);
  });
}

/** The walks of a kernel, and what each of them knows of the row that it is at. */
class Pipeline {
  readonly #code: VectorCode;
  readonly #plan: RowsPlan;
  /** All views on the row of each walk. */
  readonly #views: readonly (readonly PlacedView[])[];
  /** Folds of each walk, by their places, when it is over. */
  readonly #found: readonly ReadonlyMap<number, Local>[];
  /** What each walk knows of those before it. */
  readonly #known: readonly ReadonlyMap<number, Local>[];

  constructor(code: VectorCode, plan: RowsPlan, cursors: readonly Cursor[]) {
    this.#code = code;
    this.#plan = plan;
    const { passes: { passes }, views } = plan;
    const { f } = code;
    this.#views = passes.map((_, level) =>
      views.map((view, i) => {
        const { local, steps } = cursors[i]!;
        const isOwn = level > 0 && steps.some((step) => step !== 0);
        return { ...view, cursor: isOwn ? f.variable("i32", local) : local };
      })
    );
    const fold = () => f.variable("v128", f.i32x4(0));
    this.#found = passes.map(({ folds }) =>
      new Map(folds.map((place) => [place, fold()]))
    );
    this.#known = passes.map((_, level) =>
      new Map(
        passes.slice(0, level).flatMap(({ folds }) =>
          folds.map((place) => [place, fold()])
        ),
      )
    );
  }

  /** Writes one walk along its row. */
  emitAlone(level: number): void {
    const still = this.#still(level);
    const views = this.#views[level]!;
    emitRowWalk(this.#code, this.#plan, { level, views, still });
    this.#finish(level, still);
  }

  /** Writes all walks, each along its row. */
  emitTogether(): void {
    const { over, passes: { passes } } = this.#plan;
    const stills = passes.map((_, level) => this.#still(level));
    const walks = stills.map((still, level) =>
      new RowWalk(this.#code, this.#plan, {
        level,
        views: this.#views[level]!,
        still,
        unroll: UNROLL,
      })
    );
    const summing = walks.filter(({ hasSums }) => hasSums);
    const views = walks.flatMap(({ views }) => views);
    emitRowLines(this.#code, { over, unroll: UNROLL, views }, {
      line: (lines) => {
        const own = divide(lines, walks.map(({ views }) => views.length));
        return (part) =>
          walks.forEach((walk, level) => walk.vector(own[level]!, part));
      },
      flush: summing.length === 0
        ? undefined
        : () => summing.forEach((walk) => walk.flush()),
    });
    walks.forEach((walk, level) => {
      for (const [place, fold] of walk.finish()) stills[level]![place] = fold;
      this.#finish(level, stills[level]!);
    });
  }

  /** Writes the step of each walk to the row of the walk before it. */
  emitStep(): void {
    const { f } = this.#code;
    for (let level = this.#views.length - 1; level > 0; level--) {
      this.#views[level]!.forEach(({ cursor }, i) => {
        const before = this.#views[level - 1]![i]!.cursor;
        if (cursor !== before) f.copy(cursor, before);
      });
      for (const [place, fold] of this.#known[level]!) {
        const before = this.#known[level - 1]!.get(place) ??
          this.#found[level - 1]!.get(place)!;
        f.copy(fold, before);
      }
    }
  }

  /** What is known of a row before a walk. */
  #still(level: number): Still {
    const still: Still = [];
    for (const [place, fold] of this.#known[level]!) still[place] = fold;
    return still;
  }

  /** Writes what stands after a walk. */
  #finish(level: number, still: Still): void {
    const { f } = this.#code;
    for (const [place, fold] of this.#found[level]!) {
      f.copy(fold, still[place]!);
    }
    const { kernel, passes: { passes } } = this.#plan;
    if (kernel.each !== "row" || level < passes.length - 1) return;
    const views = this.#views[level]!;
    emitRowResult(this.#code, this.#plan, { views, still });
  }
}

/** Divides views between walks that have so many each. */
function divide(
  views: readonly LineView[],
  counts: readonly number[],
): readonly (readonly LineView[])[] {
  let end = 0;
  return counts.map((count) => views.slice(end, end += count));
}
