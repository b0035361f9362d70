import { inWasm, type Kernel } from "../ir/mod.ts";
import type { CompiledKernel } from "./compiled_kernel.ts";
import type { Engine } from "./engine.ts";

/**
 * Compiles a kernel. What writes the code of its kind is loaded with the first one: a program waits for
 * no generators but its own.
 *
 * @param kernel The kernel.
 * @param engine What turns code into functions.
 * @returns What runs it.
 */
export async function compileKernel(
  kernel: Kernel,
  engine: Engine,
): Promise<CompiledKernel> {
  switch (kernel.kind) {
    case "map": {
      const { mapCode } = await import("./map/map_code.ts");
      return engine.compileRange(mapCode(kernel));
    }
    case "reduce": {
      const { reduceKernel } = await import("./reduce/reduce_kernel.ts");
      return reduceKernel(kernel, engine);
    }
    case "rows": {
      const { rowsCode } = await import("./rows/rows_code.ts");
      return engine.compileRange(rowsCode(kernel));
    }
    case "contract": {
      const { contractKernel } = await import("./contract/contract_kernel.ts");
      return await contractKernel(kernel, engine);
    }
    case "convolution": {
      const { convolutionKernel } = await import(
        "./convolution/convolution_kernel.ts"
      );
      return await convolutionKernel(kernel, engine);
    }
    case "scatter": {
      const { scatterCode } = await import("./scatter/scatter_code.ts");
      return engine.compileRange(scatterCode(kernel, engine.threads));
    }
    case "scatterMax": {
      const { scatterMaxCode } = await import("./scatter/scatter_max_code.ts");
      return engine.compileRange(scatterMaxCode(kernel));
    }
    case "assemble": {
      const { assembleCode } = await import("./assemble/assemble_code.ts");
      return engine.compileRange(assembleCode(kernel));
    }
    case "scan": {
      const { scanCode } = await import("./scan/scan_code.ts");
      return engine.compileRange(scanCode(kernel));
    }
    case "rowProgram": {
      const { rowProgramCode } = await import(
        "./row_program/row_program_code.ts"
      );
      return engine.compileRange(rowProgramCode(kernel));
    }
    case "sort": {
      const { sortCode } = await import("./sort/sort_code.ts");
      return engine.compileRange(sortCode(kernel));
    }
    case "attention": {
      const { attentionKernel } = await import(
        "./attention/attention_kernel.ts"
      );
      return attentionKernel(kernel, engine);
    }
    case "random": {
      const { randomKernel } = await import("./random/random_kernel.ts");
      return randomKernel(kernel, engine);
    }
    case "opaque": {
      const { opaqueKernel } = await import("./opaque/opaque_kernel.ts");
      return opaqueKernel(inWasm(kernel), engine);
    }
    default:
      return kernel satisfies never;
  }
}
