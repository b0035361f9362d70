/**
 * What a GPU gives at best: a shader of multiply-adds that touches almost no memory, and shaders that only
 * move it by vectors. Written by hand, apart from the compiler that is measured.
 *
 * @module
 */
import type { Work } from "./workload.ts";

const THREADS = 256;
/** Chains of multiply-adds of four numbers that do not wait for one another. */
const CHAINS = 8;
const UNROLL = 4;
/** Multiply-adds and additions of one turn of one invocation. */
const TURN_FLOPS = 2 * 4 * CHAINS * UNROLL;
/** An invocation takes so many turns where there is enough to do. */
const TURNS = 64;
const VECTOR_BYTES = 16;
/** How many workgroups WebGPU grants along one dimension everywhere. */
const GROUPS_MAX = 65535;
const ARRAY_BYTES_MAX = 2 ** 27;

const HEAD =
  `@group(0) @binding(0) var<storage, read_write> output: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> b: array<vec4<f32>>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) place: vec3<u32>, @builtin(num_workgroups) places: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
let at = (place.x + place.y * places.x) * ${THREADS}u + thread;
`;

function list(length: number, text: (i: number) => string): string {
  return Array.from({ length }, (_, i) => text(i)).join("\n");
}

/** The chains start at different numbers, so that none is another's. */
const MULTIPLY_ADDS = (turns: number): string =>
  `${HEAD}let k = a[0];
${list(CHAINS, (i) => `var x${i} = k * ${i}.5;`)}
for (var turn = 0u; turn < ${turns}u; turn++) {
${
    list(
      UNROLL,
      () => list(CHAINS, (i) => `x${i} = fma(x${i}, vec4<f32>(0.999), k);`),
    )
  }
}
output[at] = ${
    Array.from({ length: CHAINS }, (_, i) => `x${i}`).join(" + ")
  } + b[0];
}`;

const MOVES: Readonly<
  Record<"add" | "copy" | "read", (vectors: number) => string>
> = {
  add: (vectors) =>
    `${HEAD}if (at < ${vectors}u) { output[at] = a[at] + b[at]; }
}`,
  copy: (vectors) =>
    `${HEAD}if (at < ${vectors}u) { output[at] = a[at] + b[0]; }
}`,
  // Sixteen are read for each that is written.
  read: (vectors) =>
    `${HEAD}if (at * 16u < ${vectors}u) {
var sum = b[0];
${
      list(16, (i) =>
        `sum += a[min(at + ${i}u * ${Math.ceil(vectors / 16)}u, ${
          vectors - 1
        }u)];`)
    }
output[at] = sum;
}
}`,
};

/** A shader that stands ready, and how many workgroups a piece of work takes. */
interface Load {
  readonly pipeline: GPUComputePipeline;
  readonly workgroups: number;
}

/** The shaders, on a device of their own. */
export class GpuCeiling {
  readonly #device: GPUDevice;
  readonly #group: GPUBindGroup;
  readonly #layout: GPUPipelineLayout;
  readonly #loads = new Map<string, Load>();
  readonly #vectorsMax: number;
  /** What the last piece of work wrote. */
  readonly output: GPUBuffer;

  private constructor(device: GPUDevice) {
    this.#device = device;
    const { maxStorageBufferBindingSize } = device.limits;
    const bytes = Math.min(ARRAY_BYTES_MAX, maxStorageBufferBindingSize);
    this.#vectorsMax = Math.floor(bytes / VECTOR_BYTES);
    const arrays = [0, 1, 2].map(() =>
      device.createBuffer({
        size: VECTOR_BYTES * this.#vectorsMax,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC |
          GPUBufferUsage.COPY_DST,
      })
    );
    for (const array of arrays.slice(1)) {
      const ones = new Float32Array(4 * this.#vectorsMax).fill(1);
      device.queue.writeBuffer(array, 0, ones);
    }
    this.output = arrays[0]!;
    const layout = device.createBindGroupLayout({
      entries: arrays.map((_, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: binding === 0 ? "storage" : "read-only-storage" },
      })),
    });
    this.#layout = device.createPipelineLayout({ bindGroupLayouts: [layout] });
    this.#group = device.createBindGroup({
      layout,
      entries: arrays.map((buffer, binding) => ({
        binding,
        resource: { buffer },
      })),
    });
  }

  /**
   * Opens a device.
   *
   * @param gpu The GPU.
   * @returns The shaders, ready to run.
   */
  static async open(gpu: GPU): Promise<GpuCeiling> {
    const adapter = (await gpu.requestAdapter({
      powerPreference: "high-performance",
    }))!;
    const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
    const device = await adapter.requestDevice({
      requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
    });
    return new GpuCeiling(device);
  }

  /** What it runs on, whose queue tells when work is done. */
  get device(): GPUDevice {
    return this.#device;
  }

  /**
   * Asks for as much as a dispatch of a workload does at least.
   *
   * @param work What limits the workload.
   */
  run(work: Work & { readonly kind: "bytes" | "flops" }): void {
    const key = work.kind === "flops"
      ? `${work.flops}`
      : `${work.loop} ${work.bytes}`;
    let load = this.#loads.get(key);
    if (!load) {
      load = work.kind === "flops" ? this.#computing(work) : this.#moving(work);
      this.#loads.set(key, load);
    }
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(load.pipeline);
    pass.setBindGroup(0, this.#group);
    const x = Math.min(load.workgroups, GROUPS_MAX);
    pass.dispatchWorkgroups(x, Math.ceil(load.workgroups / x));
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
  }

  #computing({ flops }: Work & { readonly kind: "flops" }): Load {
    const wanted = Math.ceil(flops / (TURN_FLOPS * TURNS * THREADS));
    const workgroups = Math.min(
      wanted,
      Math.floor(this.#vectorsMax / THREADS),
    );
    const turns = Math.ceil(flops / (TURN_FLOPS * workgroups * THREADS));
    return { pipeline: this.#compile(MULTIPLY_ADDS(turns)), workgroups };
  }

  #moving({ bytes, loop }: Work & { readonly kind: "bytes" }): Load {
    const arrays = { add: 3, copy: 2, read: 1 }[loop];
    const vectors = Math.min(
      Math.ceil(bytes / arrays / VECTOR_BYTES),
      this.#vectorsMax,
    );
    const invocations = loop === "read" ? Math.ceil(vectors / 16) : vectors;
    const workgroups = Math.ceil(invocations / THREADS);
    return { pipeline: this.#compile(MOVES[loop](vectors)), workgroups };
  }

  #compile(code: string): GPUComputePipeline {
    return this.#device.createComputePipeline({
      layout: this.#layout,
      compute: {
        module: this.#device.createShaderModule({ code }),
        entryPoint: "main",
      },
    });
  }
}
