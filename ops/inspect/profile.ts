/**
 * What computing some tensors consists of: the kernels, their work, and how long each takes.
 *
 * @module
 */
import {
  type Clock,
  invalidOption,
  optionsOf,
  sizeOf,
  SYSTEM_CLOCK,
} from "../../core/base/mod.ts";
import { outputShape, printKernel } from "../../kernels/ir/mod.ts";
import type {
  Backend,
  DeviceBuffer,
  Executable,
  Step,
} from "../../kernels/backend.ts";
import { defaultBackend } from "../../kernels/default/mod.ts";
import { leaseStorages } from "../realize/leases.ts";
import { makePlan, type Plan } from "../realize/plan.ts";
import { Given, runPause } from "../realize/run.ts";
import { type Tensor, toNodes } from "../tensor.ts";
import { type KernelCost, kernelCost } from "./kernel_cost.ts";

/** One launch and how long it takes. */
export interface KernelProfile extends KernelCost {
  /** What it computes, one instruction a line. */
  readonly text: string;
  /** The shortest of the runs, in milliseconds. */
  readonly timeMs: number;
}

/** A call on the host between launches. */
export interface HostCallProfile {
  /** Name of the operator. */
  readonly operator: string;
  /** The launch that comes next, by its place in the list; what is asked for is written by one. */
  readonly before: number;
  /** How long it takes to compute and read its inputs and to call it, once, in milliseconds. */
  readonly timeMs: number;
}

/** What computing some tensors consists of. */
export interface Profile {
  /** Name of the backend. */
  readonly backend: string;
  /** The launches, in order. */
  readonly kernels: readonly KernelProfile[];
  /** The calls of operators that are computed on the host or in a sandbox, in order. */
  readonly hostCalls: readonly HostCallProfile[];
  /** Bytes of the arrays that hold values from one launch to another without a call in between. */
  readonly temporaryBytes: number;
}

/** Options of {@linkcode profile}. */
export interface ProfileOptions {
  /** Where to compute; the default backend if left out. */
  readonly backend?: Backend;
  /**
   * How often each launch is run, of which the shortest counts.
   *
   * @default {5}
   */
  readonly runs?: number;
  /**
   * What time is measured by where the backend has no clock of its own; the machine's clock if left
   * out.
   */
  readonly clock?: Clock;
}

/**
 * Computes tensors launch by launch and tells what each of them does and how long it takes: the launches
 * of a compiled function, with the calls on the host that it pauses for. The tensors stay as they are.
 *
 * @example A layer is one kernel
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ones, profile } from "@spiraltorch/spiraltorch/ops";
 *
 * const [x, w, b] = [ones([8, 4]), ones([4, 2]), ones([2])];
 * for (const tensor of [x, w, b]) await tensor.realize();
 * const { kernels } = await profile([x.matmul(w).add(b).relu()]);
 * assertEquals(kernels.length, 1); // bias and activation are part of the product
 * assertEquals(kernels[0]!.flops, 8 * 2 * (2 * 4 + 2));
 * ```
 *
 * @param tensors The tensors.
 * @param options Where to compute, and how often.
 * @returns The launches.
 * @throws {OptionError} `INVALID_OPTION` if `runs` is no whole number above 0.
 */
export async function profile(
  tensors: readonly Tensor[],
  options?: ProfileOptions,
): Promise<Profile> {
  const { backend = defaultBackend(), runs = 5, clock = SYSTEM_CLOCK } =
    optionsOf<ProfileOptions>("profile", options);
  if (!Number.isSafeInteger(runs) || runs < 1) {
    throw invalidOption("profile runs", runs, "a whole number above 0");
  }
  const plan = makePlan(
    toNodes("profile", tensors),
    { backend: backend.name, avoidsHost: true },
  );
  using given = new Given();
  const timing: Timing = { backend, runs, clock, given };
  const kernels: KernelProfile[] = [];
  const hostCalls: HostCallProfile[] = [];
  for (const pause of plan.pauses) {
    kernels.push(...await timeSection(pause, timing));
    const start = clock.nowMs();
    await runPause(pause, { backend, given });
    const timeMs = clock.nowMs() - start;
    const { operator: { name: operator } } = pause.hostCall;
    hostCalls.push({ operator, before: kernels.length, timeMs });
  }
  kernels.push(...await timeSection(plan, timing));
  const temporaryBytes = [...plan.pauses, plan].map(({ program }) =>
    program.temporaries.reduce((sum, bytes) => sum + bytes, 0)
  );
  return {
    backend: backend.name,
    kernels,
    hostCalls,
    temporaryBytes: Math.max(...temporaryBytes),
  };
}

/** How launches are timed, and what calls on the host have given. */
interface Timing {
  readonly backend: Backend;
  readonly runs: number;
  readonly clock: Clock;
  readonly given: Given;
}

/** Times the launches up to the next call on the host, or to the end. */
async function timeSection(
  { program, inputs }: Pick<Plan, "program" | "inputs">,
  timing: Timing,
): Promise<KernelProfile[]> {
  const { backend, given } = timing;
  const storages = inputs.map((node) => given.storageOf(node));
  using leases = await leaseStorages(storages, backend);
  using buffers = new BufferTable(
    storages.map((storage) => leases.bufferOf(storage)),
    backend,
  );
  const kernels: KernelProfile[] = [];
  for (const step of program.steps) {
    kernels.push({
      ...kernelCost(step.kernel),
      text: printKernel(step.kernel),
      timeMs: await timeStep(step, buffers, timing),
    });
  }
  return kernels;
}

/** The shortest of several runs of one launch as a program of its own. */
async function timeStep(
  step: Step,
  buffers: BufferTable,
  { backend, runs, clock }: Timing,
): Promise<number> {
  const inputs = step.inputs.map((index) => buffers.read(index));
  const output = buffers.write(step);
  using executable = await backend.compile({
    inputs,
    outputs: [output],
    temporaries: [],
    steps: [{
      kernel: step.kernel,
      inputs: inputs.map((_, index) => index),
      output: inputs.length,
    }],
  });
  let shortest = Infinity;
  for (let run = 0; run < runs; run++) {
    const timeMs = await timeRun(executable, { inputs, output, clock });
    shortest = Math.min(shortest, timeMs);
  }
  return shortest;
}

/** By the clock of the device, if it has one: what is computed elsewhere may go on after the call. */
async function timeRun(
  executable: Executable,
  { inputs, output, clock }: {
    readonly inputs: readonly DeviceBuffer[];
    readonly output: DeviceBuffer;
    readonly clock: Clock;
  },
): Promise<number> {
  const [deviceMs] = await executable.runTimed?.(inputs, [output]) ?? [];
  if (deviceMs !== undefined) return deviceMs;
  const start = clock.nowMs();
  await executable.run(inputs, [output]);
  return clock.nowMs() - start;
}

/** The arrays of a program that is run launch by launch: each value has one of its own. */
class BufferTable implements Disposable {
  readonly #backend: Backend;
  readonly #current = new Map<number, DeviceBuffer>();
  readonly #made: DeviceBuffer[] = [];

  constructor(inputs: readonly DeviceBuffer[], backend: Backend) {
    this.#backend = backend;
    inputs.forEach((buffer, index) => this.#current.set(index, buffer));
  }

  /** The array that holds the latest value of a number. */
  read(index: number): DeviceBuffer {
    return this.#current.get(index)!;
  }

  /** An array for what a launch computes. */
  write({ kernel, output }: Step): DeviceBuffer {
    const size = sizeOf(outputShape(kernel));
    const buffer = this.#backend.allocate({ dtype: kernel.dtype, size });
    this.#made.push(buffer);
    this.#current.set(output, buffer);
    return buffer;
  }

  [Symbol.dispose](): void {
    for (const buffer of this.#made) this.#backend.free(buffer);
  }
}

/**
 * Writes a profile as text: a line a kernel, and what it computes below.
 *
 * @param profile The profile.
 * @returns The text.
 * @throws {OptionError} `INVALID_OPTION` if it is none.
 */
export function printProfile(profile: Profile): string {
  const lists: readonly unknown[] = [profile?.kernels, profile?.hostCalls];
  if (!lists.every(Array.isArray)) {
    throw invalidOption("a profile", profile, "what profile gives");
  }
  const { backend, kernels, hostCalls, temporaryBytes } = profile;
  const totalMs = kernels.reduce((sum, { timeMs }) => sum + timeMs, 0);
  const lines = [
    `${kernels.length} kernels on ${backend}, ${
      totalMs.toFixed(3)
    } ms, ${temporaryBytes} bytes of temporaries`,
  ];
  kernels.forEach(({ text, timeMs, flops, bytesRead, bytesWritten }, i) => {
    for (const call of hostCalls) {
      if (call.before !== i) continue;
      lines.push(`host  ${call.timeMs.toFixed(3)} ms  ${call.operator}`);
    }
    const perSecond = (amount: number) =>
      (amount / Math.max(timeMs, 1e-6) / 1e6).toFixed(1);
    lines.push(
      `#${i}  ${timeMs.toFixed(3)} ms  ${flops} FLOP (${
        perSecond(flops)
      } GFLOP/s)  ${bytesRead} bytes read, ${bytesWritten} written (${
        perSecond(bytesRead + bytesWritten)
      } GB/s)`,
      ...text.split("\n").map((line) => `    ${line}`),
    );
  });
  return lines.join("\n");
}
