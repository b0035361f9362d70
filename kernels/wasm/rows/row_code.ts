import type { VectorCode } from "../lanes/vector_code.ts";
import { emitRowLines, unrollFor } from "../reduce/emit_row_lines.ts";
import {
  emitRowResult,
  type PlacedView,
  RowWalk,
  type Still,
} from "./row_walk.ts";
import type { RowsPlan } from "./rows_plan.ts";

/**
 * Writes all walks along one row, one after the other.
 *
 * @param code Where to write.
 * @param plan The kernel.
 * @param views What is read and written, and where it stands at the row's start.
 */
export function emitRow(
  code: VectorCode,
  plan: RowsPlan,
  views: readonly PlacedView[],
): void {
  const still: Still = [];
  for (const level of plan.passes.passes.keys()) {
    emitRowWalk(code, plan, { level, views, still });
  }
  if (plan.kernel.each === "row") emitRowResult(code, plan, { views, still });
}

/**
 * Writes one walk along a row.
 *
 * @param code Where to write.
 * @param plan The kernel.
 * @param row Which walk, all views of the row, and what is known of it, to which the folds are added.
 */
export function emitRowWalk(
  code: VectorCode,
  plan: RowsPlan,
  { level, views, still }: {
    readonly level: number;
    readonly views: readonly PlacedView[];
    readonly still: Still;
  },
): void {
  const { over, passes: { passes } } = plan;
  const unroll = unrollFor(passes[level]!.computed.length, over.at(-1) ?? 1);
  const walk = new RowWalk(code, plan, { level, views, still, unroll });
  emitRowLines(code, { over, unroll, views: walk.views }, {
    line: (views) => (part) => walk.vector(views, part),
    flush: walk.hasSums ? () => walk.flush() : undefined,
  });
  for (const [place, fold] of walk.finish()) still[place] = fold;
}
