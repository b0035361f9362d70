import type { ReduceKernel } from "../../ir/mod.ts";
import type { RangeCode } from "../range_code.ts";
import { columnCode } from "./column_code.ts";
import { isByColumns, planReduction } from "./reduce_plan.ts";
import { rowCode } from "./row_code.ts";
import { isShort, shortCode } from "./short_code.ts";

/**
 * Plans the code of a reduction: wholly in registers where few elements are combined, as in the windows
 * of pooling; else along the combined axes or across the outputs, whichever lies better in memory.
 *
 * @param kernel The kernel.
 * @returns Its code.
 */
export function reduceCode(kernel: ReduceKernel): RangeCode {
  const plan = planReduction(kernel);
  if (isShort(plan)) return shortCode(plan);
  return isByColumns(plan) ? columnCode(plan) : rowCode(plan);
}
