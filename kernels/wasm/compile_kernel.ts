import type { Kernel } from "../ir/mod.ts";
import { assembleCode } from "./assemble/assemble_code.ts";
import { attentionKernel } from "./attention/attention_kernel.ts";
import { contractKernel } from "./contract/contract_kernel.ts";
import { convolutionKernel } from "./convolution/convolution_kernel.ts";
import type { CompiledKernel } from "./compiled_kernel.ts";
import type { Engine } from "./engine.ts";
import { mapCode } from "./map/map_code.ts";
import { randomKernel } from "./random/random_kernel.ts";
import { reduceKernel } from "./reduce/reduce_kernel.ts";
import { rowsCode } from "./rows/rows_code.ts";
import { scanCode } from "./scan/scan_code.ts";
import { scatterCode } from "./scatter/scatter_code.ts";
import { scatterMaxCode } from "./scatter/scatter_max_code.ts";
import { sortCode } from "./sort/sort_code.ts";

/**
 * Compiles a kernel.
 *
 * @param kernel The kernel.
 * @param engine What turns code into functions.
 * @returns What runs it.
 */
export function compileKernel(kernel: Kernel, engine: Engine): CompiledKernel {
  switch (kernel.kind) {
    case "map":
      return engine.compileRange(mapCode(kernel));
    case "reduce":
      return reduceKernel(kernel, engine);
    case "rows":
      return engine.compileRange(rowsCode(kernel));
    case "contract":
      return contractKernel(kernel, engine);
    case "convolution":
      return convolutionKernel(kernel, engine);
    case "scatter":
      return engine.compileRange(scatterCode(kernel, engine.threads));
    case "scatterMax":
      return engine.compileRange(scatterMaxCode(kernel));
    case "assemble":
      return engine.compileRange(assembleCode(kernel));
    case "scan":
      return engine.compileRange(scanCode(kernel));
    case "sort":
      return engine.compileRange(sortCode(kernel));
    case "attention":
      return attentionKernel(kernel, engine);
    case "random":
      return randomKernel(kernel, engine);
    default:
      return kernel satisfies never;
  }
}
