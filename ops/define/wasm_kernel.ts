/**
 * Kernels in WebAssembly, which `docs/wasm_kernels.md` describes: their arrays are memories that they
 * import, or lie in a memory of their own. Whatever they do, they touch nothing else.
 *
 * @module
 */
import { compareText, optionsOf } from "../../core/base/mod.ts";
import type { WasmCode } from "../../kernels/ir/mod.ts";
import type { HostElements } from "../../kernels/mod.ts";
import { OwnMemoryKernel, runLinked } from "../../kernels/opaque/mod.ts";
import type { HostKernel, LoweredCall } from "../graph/node.ts";
import { numbersOf } from "../realize/build_opaque.ts";
import { wasmKernelFailed } from "./errors.ts";
import { compileKernelModule } from "./wasm_module.ts";

/** Options of {@linkcode wasmKernel}. */
export interface WasmKernelOptions {
  /** Is aborted when the kernel may not be run any more; its reason is what is thrown then. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a kernel of a WebAssembly module, which is checked now. The backends `wasm` and `reference` run
 * it as a step of their programs.
 *
 * A module that imports its arrays, memories `input0` and so on and `output` of `tensors`, works on them
 * where they are, on as many threads as built-in kernels, and is ended when it takes too long. It exports
 * `run`, which computes the elements of the output from its first argument up to its second, or all of
 * them if it has none. A module with a memory of its own is given copies in it, and is not ended.
 *
 * @param bytes The module.
 * @param options When the kernel may not be run any more.
 * @returns The kernel, for `kernels` of `defineOperator`.
 * @throws {TensorError} `WASM_KERNEL_INVALID` if the module breaks a rule.
 */
export function wasmKernel(
  bytes: Uint8Array,
  options?: WasmKernelOptions,
): HostKernel {
  const { signal } = optionsOf<WasmKernelOptions>("wasmKernel", options);
  const code: WasmCode = {
    ...compileKernelModule(bytes),
    ...signal ? { signal } : {},
  };
  const foreign = new OwnMemoryKernel(code.module, wasmKernelFailed);
  function run(
    inputs: readonly HostElements[],
    { inputs: types, output, attributes }: LoweredCall,
  ): HostElements {
    signal?.throwIfAborted();
    const settings = numbersOf(attributes);
    if (!settings) {
      const strange = Object.keys(attributes).sort(compareText).find((name) =>
        !numbersOf({ [name]: attributes[name]! })
      );
      throw wasmKernelFailed(
        `found attribute "${strange}", wanted numbers and truth values only`,
      );
    }
    const call = {
      types: [...types, output],
      settings: settings.map(([, value]) => value),
    };
    return code.arrays === "imported"
      ? runLinked(code, inputs, { call, fail: wasmKernelFailed })
      : foreign.run(inputs, call).slice();
  }
  return Object.assign(run, { code });
}
