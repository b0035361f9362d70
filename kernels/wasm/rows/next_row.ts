import { itemBytes } from "../../../core/base/mod.ts";
import type { FunctionBuilder } from "../assembler/function_builder.ts";
import type { Local } from "../assembler/function_types.ts";
import { type LineView, unitOf, type View } from "../lanes/views.ts";
import type { LinePart } from "../loops/emit_line.ts";
import { isOperand, type RowsPlan } from "./rows_plan.ts";

/** Elements of a row from which its cache lines are not there by themselves. */
const LENGTH_MIN = 256;

/**
 * The row after the one that is computed. Wasm cannot prefetch, but a line of the cache comes as well
 * when one of its words is read and added to a sum that nobody needs: the processor does not wait for
 * it. Without this, memory would be idle in all walks but the first.
 */
export class NextRow {
  /** The elements that are brought, and where they stand at the row's start. */
  readonly views: readonly (View & { readonly cursor: Local })[];
  readonly #f: FunctionBuilder;
  readonly #sum: Local;

  /**
   * Constructs a new instance, and writes where the next row lies.
   *
   * @param f Where to write.
   * @param plan The kernel.
   * @param row Where the views stand at the start of this row, its coordinates, and a variable that
   * must be used in the end, for the reads to be made.
   */
  constructor(
    f: FunctionBuilder,
    plan: RowsPlan,
    { origins, coordinates, sum }: {
      readonly origins: readonly Local[];
      readonly coordinates: readonly Local[];
      readonly sum: Local;
    },
  ) {
    this.#f = f;
    this.#sum = sum;
    const axis = plan.outer.length - 1;
    this.views = plan.views.flatMap((view, i) => {
      if (!isBroughtNear(plan, view)) return [];
      const isLast = f.op(
        "i32.eq",
        coordinates[axis]!,
        plan.outer[axis]! - 1,
      );
      const step = view.strides[axis]! * unitOf(view);
      // There may be nothing behind the last row: it is read again.
      const cursor = f.op(
        "i32.select",
        origins[i]!,
        f.op("i32.add", origins[i]!, step),
        isLast,
      );
      return [{ ...view, name: `next ${view.name}`, cursor }];
    });
  }

  /**
   * Writes the reading of one word a cache line, as the walk comes by.
   *
   * @param views All views on the line.
   * @param part Where the walk is.
   */
  bring(views: readonly LineView[], { copy, lanes }: LinePart): void {
    if (copy > 0 || lanes < 4) return;
    for (const { name } of this.views) {
      const { cursor } = views.find((view) => view.name === name)!;
      const word = this.#f.load("i32.load", cursor);
      this.#f.assign(this.#sum, "i32.add", this.#sum, word);
    }
  }
}

/**
 * Tells whether a kernel brings rows near before it computes them.
 *
 * @param plan The kernel.
 * @returns Whether it does.
 */
export function bringsRowsNear(plan: RowsPlan): boolean {
  return plan.views.some((view) => isBroughtNear(plan, view));
}

/** Whether it is long rows of words that lie one after the other. */
function isBroughtNear(
  { outer, over, passes: { passes } }: RowsPlan,
  view: View,
): boolean {
  return passes.length > 1 && isOperand(view) && view.dtype !== undefined &&
    itemBytes(view.dtype) === 4 && over.length === 1 &&
    over[0]! >= LENGTH_MIN && view.strides.at(-1) === 1 &&
    outer.length > 0 && view.strides[outer.length - 1] !== 0;
}
