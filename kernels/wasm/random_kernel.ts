import { fillNormal, fillUniform, sizeOf } from "../../core/base/mod.ts";
import type { RandomKernel } from "../ir/mod.ts";
import type { CompiledKernel } from "./compiled_kernel.ts";
import { OUTPUT_PARAMETER } from "./lanes/views.ts";
import type { LinearMemory } from "./linear_memory.ts";

/**
 * Prepares a kernel that draws random numbers: the host writes them into the memory.
 *
 * @param kernel The kernel.
 * @param memory The memory.
 * @returns The prepared kernel.
 */
export function randomKernel(
  { distribution, key, shape }: RandomKernel,
  memory: LinearMemory,
): CompiledKernel {
  const size = sizeOf(shape);
  const fill = distribution === "uniform" ? fillUniform : fillNormal;
  return {
    scratchBytes: 0,
    launch(parameters) {
      const word = (parameters + OUTPUT_PARAMETER) / 4;
      const start = (memory.int32[word]! >>> 0) / 4;
      fill(key, memory.float32.subarray(start, start + size));
    },
  };
}
