/**
 * Kernels in WebAssembly. A module has a memory of its own: inputs are copied into it and the output
 * out of it, so that whatever it does, it touches no tensor. `docs/wasm_kernels.md` describes what it
 * is given.
 *
 * @module
 */
import { compareText } from "../../core/base/mod.ts";
import type { HostElements } from "../../kernels/mod.ts";
import { OwnMemoryKernel } from "../../kernels/opaque/mod.ts";
import type { HostKernel, LoweredCall } from "../graph/node.ts";
import { numbersOf } from "../realize/build_opaque.ts";
import { wasmKernelFailed } from "./errors.ts";
import { compileKernelModule } from "./wasm_module.ts";

/**
 * Makes a kernel of a WebAssembly module. The module is checked now, and instantiated when the kernel
 * is first used. It is not interrupted: a module that never returns never does, so one from a stranger
 * belongs into a sandbox.
 *
 * @param bytes The module: no imports, no start function, a memory of its own that states its maximum,
 * exported as `memory`, and a function `run` of one address that gives 0.
 * @returns The kernel, for `kernels` of `defineOperator`.
 * @throws {TensorError} `WASM_KERNEL_INVALID` if the module breaks a rule.
 */
export function wasmKernel(bytes: Uint8Array): HostKernel {
  const module = compileKernelModule(bytes);
  const foreign = new OwnMemoryKernel(module, wasmKernelFailed);
  function run(
    inputs: readonly HostElements[],
    { inputs: types, output, attributes }: LoweredCall,
  ): HostElements {
    const settings = numbersOf(attributes);
    if (!settings) {
      const strange = Object.keys(attributes).sort(compareText).find((name) =>
        !numbersOf({ [name]: attributes[name]! })
      );
      throw wasmKernelFailed(
        `found attribute "${strange}", wanted numbers and truth values only`,
      );
    }
    return foreign.run(inputs, {
      types: [...types, output],
      settings: settings.map(([, value]) => value),
    }).slice();
  }
  return Object.assign(run, { code: { language: "wasm", module } as const });
}
