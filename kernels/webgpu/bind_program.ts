import type { Program } from "../backend.ts";
import { arrayTooLarge } from "../ir/mod.ts";
import { bindingBytes, BoundProgram, scratchOf } from "./bound_program.ts";
import type { BufferPool } from "./buffer_pool.ts";
import type { GpuArray } from "./gpu_array.ts";
import type { GpuKernel } from "./gpu_kernel.ts";
import type { Pipelines } from "./pipelines.ts";

/** Where the arrays of a program come from, and what compiles its shaders. */
export interface ProgramSurroundings {
  /** The device. */
  readonly device: GPUDevice;
  /** Its compiled shaders. */
  readonly pipelines: Pipelines;
  /** Where arrays are given back to. */
  readonly pool: BufferPool;
  /** Takes an array of so many bytes. */
  take(bytes: number): GpuArray;
}

/** A program, and what it holds. */
export interface HeldProgram {
  /** The program. */
  readonly bound: BoundProgram;
  /** Its own arrays, which must be given back. */
  readonly arrays: readonly GpuArray[];
  /** The operators whose loops may have to be ended, by the word that tells of it. */
  readonly ended: ReadonlyMap<GpuArray, string>;
}

/**
 * Gives a program the arrays that it needs for itself.
 *
 * @param program The program.
 * @param kernels Its kernels, compiled.
 * @param surroundings Where the arrays come from.
 * @returns The program, ready to run.
 */
export function bindProgram(
  program: Program,
  kernels: readonly GpuKernel[],
  { device, pipelines, pool, take: takeFrom }: ProgramSurroundings,
): HeldProgram {
  const arrays: GpuArray[] = [];
  const take = (bytes: number) => {
    const array = takeFrom(bytes);
    arrays.push(array);
    return array;
  };
  try {
    const temporaries = program.temporaries.map(take);
    const scratch = scratchOf(kernels).map((bytes) => {
      const bytesMax = bindingBytes(device.limits);
      if (bytes > bytesMax) throw arrayTooLarge("webgpu", { bytes, bytesMax });
      return take(bytes);
    });
    const constants = kernels.map(({ constants = [] }) => {
      if (constants.length === 0) return undefined;
      const array = take(4 * constants.length);
      const words = Uint32Array.from(constants);
      device.queue.writeBuffer(array.raw, 0, words);
      return array;
    });
    const told = new Map<GpuArray, string>();
    const ended = kernels.map(({ mayEnd }) => {
      if (mayEnd === undefined) return undefined;
      const array = take(4);
      told.set(array, mayEnd);
      return array;
    });
    const own = { temporaries, scratch, constants, ended };
    const parts = { pipelines, kernels, ...own };
    const bound = new BoundProgram(device, program, parts);
    return { bound, arrays, ended: told };
  } catch (error) {
    for (const array of arrays) pool.give(array);
    throw error;
  }
}
