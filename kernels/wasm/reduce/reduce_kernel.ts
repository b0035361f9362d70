import type { ReduceKernel } from "../../ir/mod.ts";
import type { CompiledKernel } from "../compiled_kernel.ts";
import type { Engine } from "../engine.ts";
import { reduceCode } from "./reduce_code.ts";
import { planReduction } from "./reduce_plan.ts";
import { SplitReduction, stepsOfBlock } from "./split_reduction.ts";

/**
 * Compiles a reduction. Threads share its outputs, or blocks of what is combined where there are few
 * outputs.
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
  const steps = stepsOfBlock(plan);
  return steps === undefined
    ? engine.compileRange(reduceCode(kernel))
    : new SplitReduction(plan, steps, engine);
}
