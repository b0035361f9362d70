import type { ReduceKernel } from "../../ir/mod.ts";
import type { RangeCode } from "../range_code.ts";
import { columnCode } from "./column_code.ts";
import { isByColumns, planReduction } from "./reduce_plan.ts";
import { rowCode } from "./row_code.ts";

/**
 * Plans the code of a reduction: along the combined axes or across the outputs, whichever lies better
 * in memory.
 *
 * @param kernel The kernel.
 * @returns Its code.
 */
export function reduceCode(kernel: ReduceKernel): RangeCode {
  const plan = planReduction(kernel);
  return isByColumns(plan) ? columnCode(plan) : rowCode(plan);
}
