/** A function of generated code: all parameters are whole numbers or addresses. */
export type WasmFunction = (...parameters: readonly number[]) => void;

/** What a kernel was compiled to. */
export interface CompiledKernel {
  /** Bytes of memory that a launch needs for itself. */
  readonly scratchBytes: number;
  /**
   * Runs the kernel once.
   *
   * @param parameters Where its parameters stand: addresses of scratch memory, output and inputs.
   */
  launch(parameters: number): void;
}
