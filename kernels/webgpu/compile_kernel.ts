import { assertInvariant, sizeOf } from "../../core/base/mod.ts";
import { type Kernel, outputShape } from "../ir/mod.ts";
import { compileAssemble } from "./assemble/assemble_shader.ts";
import { compileAttention } from "./attention/attention_shader.ts";
import { compileContract } from "./contract/contract_shader.ts";
import { compileConvolution } from "./convolution/convolution_shader.ts";
import type { GpuKernel, GpuTraits } from "./gpu_kernel.ts";
import { compileMap } from "./map/map_shader.ts";
import { compileRandom } from "./random/random_shader.ts";
import { compileReduce } from "./reduce/reduce_shader.ts";
import { compileRowProgram } from "./row_program/row_program_shader.ts";
import { compileRows } from "./rows/rows_shader.ts";
import { compileScan } from "./scan/scan_shader.ts";
import { compileScatterMax } from "./scatter/scatter_max_shader.ts";
import { compileScatter } from "./scatter/scatter_shader.ts";
import { compileSort } from "./sort/sort_shader.ts";

/**
 * Compiles a kernel that is not refused.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array; 0 is the output's.
 * @param traits What is known of the device.
 * @returns The shaders.
 */
export function compileKernel(
  kernel: Kernel,
  slots: readonly number[],
  traits: GpuTraits,
): GpuKernel {
  if (sizeOf(outputShape(kernel)) === 0) {
    return { passes: [] };
  }
  switch (kernel.kind) {
    case "map":
      return compileMap(kernel, slots, traits);
    case "reduce":
      return compileReduce(kernel, slots, traits);
    case "rows":
      return compileRows(kernel, slots, traits);
    case "contract":
      return compileContract(kernel, slots, traits);
    case "random":
      return compileRandom(kernel, slots);
    case "convolution":
      return compileConvolution(kernel, slots, traits);
    case "scatter":
      return compileScatter(kernel, slots);
    case "scatterMax":
      return compileScatterMax(kernel, slots);
    case "assemble":
      return compileAssemble(kernel, slots);
    case "attention":
      return compileAttention(kernel, slots, traits);
    case "rowProgram":
      return compileRowProgram(kernel, slots);
    case "scan":
      return compileScan(kernel, slots);
    case "sort":
      return compileSort(kernel, slots);
    case "opaque":
      assertInvariant(
        false,
        "foreign code is compiled once it has been checked",
      );
      break;
    default:
      return kernel satisfies never;
  }
}
