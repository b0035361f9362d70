import type { CompiledKernel, WasmFunction } from "./compiled_kernel.ts";
import {
  compileMatrixModule,
  type MatrixFunctions,
} from "./contract/matrix_module.ts";
import { KernelModule } from "./kernel_module.ts";
import type { LinearMemory } from "./linear_memory.ts";
import type { RangeCode } from "./range_code.ts";

/**
 * Turns code into functions over one memory.
 */
export class Engine {
  /** The memory. */
  readonly memory: LinearMemory;
  /** Whether code may use relaxed SIMD. */
  readonly relaxedSimd: boolean;

  #matrixFunctions: MatrixFunctions | undefined;

  /**
   * Constructs a new instance.
   *
   * @param memory The memory.
   * @param options Whether code may use relaxed SIMD.
   */
  constructor(
    memory: LinearMemory,
    { relaxedSimd }: { readonly relaxedSimd: boolean },
  ) {
    this.memory = memory;
    this.relaxedSimd = relaxedSimd;
  }

  /** The functions that matrix products are made of, compiled when they are first needed. */
  get matrixFunctions(): MatrixFunctions {
    return this.#matrixFunctions ??= compileMatrixModule((write) =>
      this.compile(write)
    );
  }

  /**
   * Compiles a module.
   *
   * @param write Writes its functions.
   * @returns What it exports.
   */
  compile(
    write: (module: KernelModule) => void,
  ): Readonly<Record<string, WasmFunction>> {
    const module = new KernelModule({
      pages: this.memory.pages,
      relaxedSimd: this.relaxedSimd,
    });
    write(module);
    const compiled = new WebAssembly.Module(module.build());
    const { exports } = new WebAssembly.Instance(compiled, {
      host: { memory: this.memory.memory, cos: Math.cos, sin: Math.sin },
    });
    return exports as Record<string, WasmFunction>;
  }

  /**
   * Compiles a kernel whose work is divided into units.
   *
   * A long job is cut into calls: V8 replaces slow first code by fast code between calls only.
   *
   * @param code Its code.
   * @returns The kernel.
   */
  compileRange(code: RangeCode): CompiledKernel {
    const { units, grain, scratchBytes } = code;
    if (units === 0) return { scratchBytes: 0, launch: () => {} };
    const run = this.compile((module) =>
      module.export("run", (body) => code.emit(body))
    ).run!;
    return {
      scratchBytes,
      launch(parameters) {
        for (let begin = 0; begin < units; begin += grain) {
          run(begin, Math.min(begin + grain, units), parameters);
        }
      },
    };
  }
}
