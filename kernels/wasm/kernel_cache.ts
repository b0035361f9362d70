import type { CompiledKernel } from "./compiled_kernel.ts";

/**
 * Kernels that a backend keeps for programs to come: those that were asked for last. A program that
 * meets ever new shapes so takes no more and more memory; a program that is compiled keeps its kernels
 * itself, and never looks here.
 */
export class KernelCache {
  readonly #kernels = new Map<
    string,
    CompiledKernel | Promise<CompiledKernel>
  >();
  readonly #countMax: number;

  /**
   * Constructs a new instance.
   *
   * @param countMax How many kernels are kept at most.
   */
  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  /**
   * Finds a kernel, or compiles it.
   *
   * @param key What tells it from others.
   * @param compile Compiles it.
   * @returns The kernel, or a promise of it while it is being compiled.
   */
  find(
    key: string,
    compile: () => Promise<CompiledKernel>,
  ): CompiledKernel | Promise<CompiledKernel> {
    const kernel = this.#kernels.get(key) ?? this.#compile(key, compile);
    // A map keeps the order in which its entries came: the first is the one not asked for the longest.
    this.#kernels.delete(key);
    this.#kernels.set(key, kernel);
    if (this.#kernels.size > this.#countMax) {
      const [oldest] = this.#kernels.keys();
      this.#kernels.delete(oldest!);
    }
    return kernel;
  }

  /** Compiles a kernel, which takes the place of its promise if that is still kept. */
  #compile(
    key: string,
    compile: () => Promise<CompiledKernel>,
  ): Promise<CompiledKernel> {
    const compiling = compile().then((kernel) => {
      if (this.#kernels.get(key) === compiling) this.#kernels.set(key, kernel);
      return kernel;
    });
    return compiling;
  }

  /** Forgets all kernels. */
  clear(): void {
    this.#kernels.clear();
  }
}
