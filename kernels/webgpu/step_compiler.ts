import type { Program } from "../backend.ts";
import { type Kernel, printKernel } from "../ir/mod.ts";
import { bindingBytes, largestBytes, slotsOf } from "./bound_program.ts";
import { compileKernel } from "./compile_kernel.ts";
import { describeKernels } from "./describe_kernels.ts";
import type { DeviceWatch } from "./device_watch.ts";
import { kernelRefused } from "./errors.ts";
import type { CodeVariant, GpuKernel, GpuTraits } from "./gpu_kernel.ts";
import { type ForeignShaders, isForeign } from "./opaque/foreign_shaders.ts";
import type { Pipelines } from "./pipelines.ts";
import { compileParts, splitKernel } from "./split/split_kernel.ts";

/** What compiles, and who listens. */
export interface CompilerSurroundings extends GpuTraits {
  /** The way that was found to be the fastest for a kernel, if any was. */
  readonly tuned: (kernel: Kernel) => CodeVariant | undefined;
  /** The device. */
  readonly device: GPUDevice;
  /** Who hears what it says. */
  readonly watch: DeviceWatch;
  /** Its compiled shaders. */
  readonly pipelines: Pipelines;
  /** Shaders that operators brought. */
  readonly foreign: ForeignShaders;
}

/** Compiles the kernels of programs, each once. */
export class StepCompiler {
  readonly #surroundings: CompilerSurroundings;
  /** By their text, the arrays they lie in, and whether they are split. */
  readonly #known = new Map<string, GpuKernel>();

  /**
   * Constructs a new instance.
   *
   * @param surroundings What compiles, and who listens.
   */
  constructor(surroundings: CompilerSurroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * Compiles a kernel, or finds it compiled.
   *
   * @param step The kernel, which is not refused, and its arrays.
   * @param program The program that it belongs to.
   * @returns The shaders.
   * @throws {GpuError} `KERNEL_REFUSED` if an array is larger than what the device binds, and the work
   * cannot be split.
   */
  compile(step: Program["steps"][number], program: Program): GpuKernel {
    const { foreign, tuned, variant, device: { limits } } = this.#surroundings;
    const { kernel } = step;
    const { slots } = slotsOf(step);
    const bytes = largestBytes(step, program);
    const bytesMax = bindingBytes(limits);
    const parts = bytes > bytesMax
      ? splitKernel(kernel, slots, limits)
      : undefined;
    if (bytes > bytesMax && !parts) {
      throw kernelRefused("webgpu", {
        kernel: describeKernels([kernel]),
        reason:
          `it sees an array of ${bytes} bytes, and the device binds ${bytesMax}`,
      });
    }
    if (isForeign(kernel)) return foreign.compile(kernel, slots);
    const key = `${printKernel(kernel)}\n${slots}${parts ? " split" : ""}`;
    const known = this.#known.get(key);
    if (known) return known;
    const compiled = parts
      ? compileParts(parts, slots, this.#surroundings)
      : this.compileAs(step, tuned(kernel) ?? variant);
    // Every draw has a key of its own; its shader is found by its text.
    if (kernel.kind !== "random") this.#keep(key, compiled, kernel);
    return compiled;
  }

  /**
   * Compiles a kernel in one of the ways that there are, and does not keep it.
   *
   * @param step The kernel, which is not split, and its arrays.
   * @param variant The way.
   * @returns The shaders.
   */
  compileAs(step: Program["steps"][number], variant: CodeVariant): GpuKernel {
    const { kernel } = step;
    const { slots } = slotsOf(step);
    return compileKernel(kernel, slots, { ...this.#surroundings, variant });
  }

  #keep(
    key: string,
    compiled: GpuKernel,
    kernel: Program["steps"][number]["kernel"],
  ): void {
    const { watch, pipelines } = this.#surroundings;
    this.#known.set(key, compiled);
    for (const pass of compiled.passes) {
      watch.do(() => pipelines.get(pass), {
        work: describeKernels([kernel]),
        undo: () => {
          pipelines.forget(pass);
          this.#known.delete(key);
        },
      });
    }
  }
}
