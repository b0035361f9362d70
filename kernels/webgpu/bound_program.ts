import { assertInvariant, itemBytes } from "../../core/base/mod.ts";
import type { Program } from "../backend.ts";
import type { GpuArray } from "./gpu_array.ts";
import {
  type BoundArray,
  type GpuKernel,
  GROUPS_MAX,
  type Pass,
} from "./gpu_kernel.ts";
import type { LaunchTimer } from "./launch_timer.ts";
import type { Pipeline, Pipelines } from "./pipelines.ts";

/** A launch remembers so many sets of arrays that it ran with. */
const GROUPS_KEPT = 8;

/** What a step's shaders are bound to: an array, or the number of one that a run supplies. */
type Resource = GpuArray | number;

interface Launch {
  /** The step that it belongs to. */
  readonly step: number;
  readonly pipeline: Pipeline;
  readonly resources: readonly Resource[];
  readonly pass: Pass;
  readonly workgroups: readonly [number, number];
  /** Bind groups by the numbers of the arrays that runs supplied. */
  readonly known: Map<string, GPUBindGroup>;
}

/** What a program is bound to. */
export interface ProgramParts {
  /** Compiles shaders. */
  readonly pipelines: Pipelines;
  /** The kernels, one a step. */
  readonly kernels: readonly GpuKernel[];
  /** The program's temporaries. */
  readonly temporaries: readonly GpuArray[];
  /** Arrays of the kernels' own, which all steps share. */
  readonly scratch: readonly GpuArray[];
  /** Each step's constants. */
  readonly constants: readonly (GpuArray | undefined)[];
  /** For each step, the word that tells of loops that were ended. */
  readonly ended: readonly (GpuArray | undefined)[];
}

/**
 * Numbers the arrays of a step.
 *
 * @param step What it reads and writes.
 * @returns The distinct arrays, the output first, and for each operand which of them it lies in.
 */
export function slotsOf(
  { inputs, output }: Pick<Program["steps"][number], "inputs" | "output">,
): { readonly arrays: readonly number[]; readonly slots: readonly number[] } {
  const arrays = [...new Set([output, ...inputs])];
  return { arrays, slots: inputs.map((input) => arrays.indexOf(input)) };
}

/**
 * Finds the largest array of a step.
 *
 * @param step What it reads and writes.
 * @param program The program that it belongs to.
 * @returns Its bytes.
 */
export function largestBytes(
  step: Pick<Program["steps"][number], "inputs" | "output">,
  { inputs, outputs, temporaries }: Program,
): number {
  const sizes = [
    ...[...inputs, ...outputs].map(({ dtype, size }) =>
      size * itemBytes(dtype)
    ),
    ...temporaries,
  ];
  return Math.max(...[...step.inputs, step.output].map((i) => sizes[i]!));
}

/**
 * Finds how large the arrays must be that kernels share for their own use.
 *
 * @param kernels The kernels.
 * @returns For each array, the most bytes that any kernel needs.
 */
export function scratchOf(kernels: readonly GpuKernel[]): readonly number[] {
  const bytes: number[] = [];
  for (const { scratchBytes = [] } of kernels) {
    scratchBytes.forEach((wanted, i) => {
      bytes[i] = Math.max(bytes[i] ?? 0, wanted);
    });
  }
  return bytes;
}

/** A program whose launches stand ready: a run only says which arrays it is supplied with. */
export class BoundProgram {
  readonly #device: GPUDevice;
  readonly #bytesMax: number;
  readonly #launches: readonly Launch[];

  /**
   * Constructs a new instance.
   *
   * @param device Where it runs.
   * @param program The program.
   * @param parts What it is bound to.
   */
  constructor(device: GPUDevice, program: Program, parts: ProgramParts) {
    this.#device = device;
    this.#bytesMax = bindingBytes(device.limits);
    const supplied = program.inputs.length + program.outputs.length;
    this.#launches = program.steps.flatMap((step, i) => {
      const { arrays } = slotsOf(step);
      const resource = ({ of, place }: BoundArray): Resource => {
        if (of === "scratch") return known(parts.scratch[place]);
        if (of === "constants") return known(parts.constants[i]);
        if (of === "ended") return known(parts.ended[i]);
        const number = arrays[place]!;
        return number < supplied
          ? number
          : known(parts.temporaries[number - supplied]);
      };
      return parts.kernels[i]!.passes.map((pass): Launch => {
        const x = Math.min(pass.workgroups, GROUPS_MAX);
        return {
          step: i,
          pipeline: parts.pipelines.get(pass),
          resources: pass.arrays.map(resource),
          pass,
          workgroups: [x, Math.ceil(pass.workgroups / x)],
          known: new Map(),
        };
      });
    });
  }

  /** Whether a run has anything to do. */
  get isEmpty(): boolean {
    return this.#launches.length === 0;
  }

  /** For each launch, the number of the step that it belongs to. */
  get steps(): readonly number[] {
    return this.#launches.map(({ step }) => step);
  }

  /**
   * Writes down the launches.
   *
   * @param encoder Where to.
   * @param supplied The program's inputs, then its outputs.
   * @param timer Who notes when each launch begins and ends, if that is asked for.
   */
  encode(
    encoder: GPUCommandEncoder,
    supplied: readonly GpuArray[],
    timer?: LaunchTimer,
  ): void {
    let pass = encoder.beginComputePass(timer?.describe(0));
    for (const [i, launch] of this.#launches.entries()) {
      const isCleared = launch.pass.arrays.some(({ isCleared }) => isCleared);
      if (isCleared || timer && i > 0) {
        pass.end();
        if (isCleared) {
          clearArrays(encoder, launch.pass, arraysOf(launch, supplied));
        }
        pass = encoder.beginComputePass(timer?.describe(i));
      }
      pass.setPipeline(launch.pipeline.raw);
      pass.setBindGroup(0, this.#bind(launch, supplied));
      pass.dispatchWorkgroups(...launch.workgroups);
    }
    pass.end();
  }

  #bind(launch: Launch, supplied: readonly GpuArray[]): GPUBindGroup {
    const { pipeline, pass, known } = launch;
    const arrays = arraysOf(launch, supplied);
    const key = arrays.map(({ id }) => id).join();
    const group = known.get(key) ?? this.#device.createBindGroup({
      layout: pipeline.layout,
      entries: arrays.map(({ raw, bytes }, binding) => {
        const { start = 0, bytes: seen = bytes } = pass.arrays[binding]!;
        // Arrays may be larger than what is bound of them, as arrays of the pool are.
        const size = Math.min(seen, this.#bytesMax);
        return { binding, resource: { buffer: raw, offset: start, size } };
      }),
    });
    if (known.size >= GROUPS_KEPT && !known.has(key)) known.clear();
    known.set(key, group);
    return group;
  }
}

/**
 * Tells how much of an array a shader can be bound to.
 *
 * @param limits What the device grants.
 * @returns The bytes, whole words.
 */
export function bindingBytes(
  { maxStorageBufferBindingSize }: Pick<
    GPUSupportedLimits,
    "maxStorageBufferBindingSize"
  >,
): number {
  return maxStorageBufferBindingSize - maxStorageBufferBindingSize % 4;
}

function arraysOf(
  { resources }: Launch,
  supplied: readonly GpuArray[],
): readonly GpuArray[] {
  return resources.map((resource) =>
    typeof resource === "number" ? supplied[resource]! : resource
  );
}

function clearArrays(
  encoder: GPUCommandEncoder,
  { arrays: bound }: Pass,
  arrays: readonly GpuArray[],
): void {
  arrays.forEach(({ raw }, i) => {
    const { isCleared, bytes } = bound[i]!;
    if (isCleared) encoder.clearBuffer(raw, 0, bytes);
  });
}

function known(array: GpuArray | undefined): GpuArray {
  assertInvariant(array, "a step's arrays exist");
  return array;
}
