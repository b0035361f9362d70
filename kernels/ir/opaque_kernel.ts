import type { DType, Shape } from "../../core/base/mod.ts";
import type { Operand } from "./operand.ts";

/** A module in WebAssembly that an operator brought, checked before anything of it runs. */
export interface WasmCode {
  /** Which arm of {@linkcode OpaqueCode} this is. */
  readonly language: "wasm";
  /** The compiled module, as it was brought. */
  readonly module: WebAssembly.Module;
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /**
   * Where its arrays are: copied into a memory of its own, or in memories that it imports, one an array,
   * which stand for where the arrays lie.
   */
  readonly arrays: "copied" | "imported";
  /** Is aborted when the code may not be run any more; its reason is what is thrown then. */
  readonly signal?: AbortSignal;
}

/** What an {@linkcode OpaqueKernel} is computed by: known to the backends that understand it. */
export type OpaqueCode = WasmCode;

/**
 * What an operator's own code computes. Nothing is known of it but which arrays it reads and writes:
 * it is never joined with other kernels, and whatever it does, it reads and writes no others.
 */
export interface OpaqueKernel {
  /** Which arm of {@linkcode Kernel} this is. */
  readonly kind: "opaque";
  /** Name of the operator. */
  readonly name: string;
  /** The output's shape. */
  readonly shape: Shape;
  /** The shape of each input. */
  readonly inputShapes: readonly Shape[];
  /** The inputs, row by row without gaps. */
  readonly operands: readonly Operand[];
  /** Settings of the call, by name, in their order. */
  readonly settings: readonly (readonly [name: string, value: number])[];
  /** What computes it. Kernels are the same only if this is the same value. */
  readonly code: OpaqueCode;
  /** How the output is stored. */
  readonly dtype: DType;
}
