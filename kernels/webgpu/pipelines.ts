import type { BoundArray, Pass } from "./gpu_kernel.ts";
import { withHalfArrays } from "./wgsl/half_arrays.ts";

/** A shader that the device has compiled. */
export interface Pipeline {
  /** The compiled shader. */
  readonly raw: GPUComputePipeline;
  /** What its arrays are like. */
  readonly layout: GPUBindGroupLayout;
}

/** Compiled shaders by their text. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #hasHalf: boolean;
  readonly #pipelines = new Map<string, Pipeline>();
  readonly #layouts = new Map<string, GPUBindGroupLayout>();

  /**
   * Constructs a new instance.
   *
   * @param device What compiles.
   */
  constructor(device: GPUDevice) {
    this.#device = device;
    this.#hasHalf = device.features.has("shader-f16");
  }

  /**
   * Compiles a shader, or finds it compiled. What is wrong with it goes to the device's error scope.
   *
   * @param pass The shader and its arrays.
   * @returns The compiled shader.
   */
  get({ shader, arrays, entryPoint = "main" }: Pass): Pipeline {
    const known = this.#pipelines.get(shader);
    if (known) return known;
    const layout = this.#layout(arrays);
    const raw = this.#device.createComputePipeline({
      layout: this.#device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: {
        module: this.#device.createShaderModule({
          code: this.#hasHalf ? withHalfArrays(shader) : shader,
        }),
        entryPoint,
      },
    });
    const pipeline = { raw, layout };
    this.#pipelines.set(shader, pipeline);
    return pipeline;
  }

  /**
   * Forgets a shader that turned out to be no good.
   *
   * @param pass The shader.
   */
  forget({ shader }: Pass): void {
    this.#pipelines.delete(shader);
  }

  #layout(arrays: readonly BoundArray[]): GPUBindGroupLayout {
    const key = arrays.map(({ isWritten }) => isWritten ? "w" : "r").join("");
    const known = this.#layouts.get(key);
    if (known) return known;
    const layout = this.#device.createBindGroupLayout({
      entries: arrays.map(({ isWritten }, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: isWritten ? "storage" : "read-only-storage" },
      })),
    });
    this.#layouts.set(key, layout);
    return layout;
  }
}
