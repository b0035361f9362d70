import { printable } from "../../../core/base/mod.ts";
import type { Program } from "../../backend.ts";
import {
  type Kernel,
  type KernelIn,
  kernelTrapped,
  type WgslCode,
  wgslKernelInvalid,
} from "../../ir/mod.ts";
import { checkShader, plainShader, shaderTokens } from "../../opaque/mod.ts";
import { slotsOf } from "../bound_program.ts";
import { kernelRefused } from "../errors.ts";
import { type GpuKernel, type GpuTraits, GROUPS_MAX } from "../gpu_kernel.ts";
import type { Pipelines } from "../pipelines.ts";
import { readInterface, type ShaderInterface } from "./read_interface.ts";
import { shaderKernel } from "./shader_kernel.ts";

type Step = Program["steps"][number];

/** Shaders that operators brought: each is checked before anything of it runs. */
export class ForeignShaders {
  readonly #device: GPUDevice;
  readonly #pipelines: Pipelines;
  readonly #traits: GpuTraits;
  readonly #known = new WeakMap<WgslCode, ShaderInterface>();
  /** Texts that the device has compiled. */
  readonly #compiled = new Set<string>();

  /**
   * Constructs a new instance.
   *
   * @param device What compiles.
   * @param pipelines The shaders that it has compiled.
   * @param traits What is known of it.
   */
  constructor(device: GPUDevice, pipelines: Pipelines, traits: GpuTraits) {
    this.#device = device;
    this.#pipelines = pipelines;
    this.#traits = traits;
  }

  /**
   * Checks the shaders of a program.
   *
   * @param steps The steps of the program.
   * @throws {BackendError} `WGSL_KERNEL_INVALID` if a shader is not what it should be.
   * @throws {GpuError} `KERNEL_REFUSED` if a call needs more invocations than the device runs.
   */
  async check(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const { kernel } = step;
      if (!isForeign(kernel)) continue;
      const { code, name } = kernel;
      if (!this.#known.has(code)) {
        const refuse = (problem: string) => wgslKernelInvalid(problem, name);
        // Whoever made the code may not have looked at it.
        checkShader(shaderTokens(plainShader(code.text, refuse)), refuse);
        this.#known.set(code, await readInterface(code, refuse));
      }
      await this.#tryOut(this.compile(kernel, slotsOf(step).slots), name);
    }
  }

  /**
   * Compiles a kernel whose shader has been checked.
   *
   * @param kernel The kernel.
   * @param slots For each operand, the number of its array.
   * @returns The shader.
   */
  compile(
    kernel: KernelIn<WgslCode>,
    slots: readonly number[],
  ): GpuKernel {
    const known = this.#known.get(kernel.code)!;
    const compiled = shaderKernel(kernel, slots, { ...known, ...this.#traits });
    for (const { workgroups } of compiled.passes) {
      if (workgroups <= GROUPS_MAX) continue;
      throw kernelRefused("webgpu", {
        kernel: kernel.name,
        reason:
          `it needs ${workgroups} workgroups, and a device runs ${GROUPS_MAX}`,
      });
    }
    return compiled;
  }

  /** Lets the device compile a shader, and waits for what it says: it is no fault of this library. */
  async #tryOut({ passes }: GpuKernel, name: string): Promise<void> {
    for (const pass of passes) {
      if (this.#compiled.has(pass.shader)) continue;
      this.#device.pushErrorScope("validation");
      this.#pipelines.get(pass);
      const error = await this.#device.popErrorScope();
      if (error) {
        this.#pipelines.forget(pass);
        const reason = printable(error.message.trim(), 400);
        throw wgslKernelInvalid(`the device found ${reason}`, name);
      }
      this.#compiled.add(pass.shader);
    }
  }
}

/**
 * Tells whether a kernel is a shader that an operator brought.
 *
 * @param kernel The kernel.
 * @returns Whether it is.
 */
export function isForeign(kernel: Kernel): kernel is KernelIn<WgslCode> {
  return kernel.kind === "opaque" && kernel.code.language === "wgsl";
}

/**
 * Stops where the code of a step may not be run any more.
 *
 * @param steps The steps.
 */
export function assertGranted(steps: readonly Step[]): void {
  for (const { kernel } of steps) {
    if (isForeign(kernel)) kernel.code.signal?.throwIfAborted();
  }
}

/**
 * Builds the error for a shader whose loops had to be ended.
 *
 * @param operator Name of the operator that brought it.
 * @returns The error, for the caller to throw.
 */
export function loopsEnded(operator: string): Error {
  return kernelTrapped(operator, "webgpu", {
    reason: "it took more turns of loops than a call may",
  });
}
