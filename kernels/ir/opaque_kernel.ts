import {
  assertInvariant,
  type DType,
  type Shape,
} from "../../core/base/mod.ts";
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

/** A shader in WGSL that an operator brought; what it declares is checked before it runs. */
export interface WgslCode {
  /** Which arm of {@linkcode OpaqueCode} this is. */
  readonly language: "wgsl";
  /** The shader, without comments. */
  readonly text: string;
  /** How the elements of each input are stored. */
  readonly inputs: readonly DType[];
  /** How those of the output are. */
  readonly output: DType;
  /** For each input, then the output, whether the shader sees it as vectors of 16 bytes; none, if left out. */
  readonly isVectors?: readonly boolean[];
  /** How many elements of the output an invocation computes, or a whole row of them. */
  readonly elementsPerInvocation: number | "row";
  /** Whether the output is zeros at first, rather than what others left there. */
  readonly clearsOutput?: boolean;
  /** Is aborted when the code may not be run any more; its reason is what is thrown then. */
  readonly signal?: AbortSignal;
}

/** What an {@linkcode OpaqueKernel} is computed by: known to the backends that understand it. */
export type OpaqueCode = WasmCode | WgslCode;

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

/** A kernel whose code is in a certain language. */
export type KernelIn<Code extends OpaqueCode> = OpaqueKernel & {
  readonly code: Code;
};

/**
 * Takes a kernel of foreign code as one in WebAssembly.
 *
 * @param kernel The kernel, which was planned for a backend that runs that.
 * @returns The same kernel.
 */
export function inWasm(kernel: OpaqueKernel): KernelIn<WasmCode> {
  const { code } = kernel;
  assertInvariant(code.language === "wasm", "code is run where it is known");
  return { ...kernel, code };
}
