import { sizeOf } from "../../../core/base/mod.ts";
import type { ReduceKernel } from "../../ir/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import { isFloatSum } from "./combine.ts";
import { reduceCode } from "./reduce_code.ts";
import { planReduction, type ReducePlan } from "./reduce_plan.ts";
import { BLOCK_ELEMENTS, SplitSum } from "./split_sum.ts";

/** Blocks from which a sum is split: fewer are not worth other threads. */
const BLOCKS_MIN = 4;

/**
 * Compiles a reduction. Threads share its outputs; the blocks of a sum where there is one output.
 *
 * @param kernel The kernel.
 * @param engine What turns code into functions.
 * @returns What runs it.
 */
export function reduceKernel(
  kernel: ReduceKernel,
  engine: Engine,
): CompiledKernel {
  const plan = planReduction(kernel);
  return isSplit(plan)
    ? new SplitSum(plan, engine)
    : engine.compileRange(reduceCode(kernel));
}

/** Whether it is one long sum along one line. This may not depend on the number of threads. */
function isSplit({ kernel, combination, over }: ReducePlan): boolean {
  return isFloatSum(combination) && sizeOf(kernel.shape) === 1 &&
    over.length === 1 && over[0]! >= BLOCKS_MIN * BLOCK_ELEMENTS &&
    kernel.body.every(({ kind }) => kind !== "coordinate" && kind !== "gather");
}
