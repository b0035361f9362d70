/**
 * A plan of a function that has been compiled, and how it is run.
 *
 * @module
 */
import type {
  Backend,
  BufferSpec,
  DeviceBuffer,
  Executable,
} from "../kernels/mod.ts";
import { assertGuards } from "./realize/guards.ts";
import type { Leases } from "./realize/leases.ts";
import { passPause, type Pause } from "./realize/pause.ts";
import { Storage } from "./storage.ts";

/** A tensor's elements, and the memory for the next ones where they are not written over. */
export interface PlannedUpdate {
  /** The elements. */
  readonly current: Storage;
  /** The memory. */
  readonly next: Storage | undefined;
}

/**
 * Where the elements of an input are: those of an argument, by its number, or that the function closes
 * over. What pauses have given is numbered after the arguments.
 */
export type Source = number | Storage;

/** A pause that stands ready to be passed. */
export interface ReadyPause {
  /** The pause. */
  readonly pause: Pause;
  /** Its code. */
  readonly executable: Executable;
  /** Where its inputs are. */
  readonly sources: readonly Source[];
}

/** A plan that stands ready to be run. */
export interface ReadyPlan {
  /** Its code. */
  readonly executable: Executable;
  /** Where its inputs are. */
  readonly sources: readonly Source[];
  /** Calls on the host that come before. */
  readonly pauses: readonly ReadyPause[];
  /** What it gives. */
  readonly results: readonly BufferSpec[];
  /** What it changes. */
  readonly updates: readonly PlannedUpdate[];
  /** Labels of the guards that must hold, and the array that tells whether they do. */
  readonly guards:
    | { readonly labels: readonly string[]; readonly told: Storage }
    | undefined;
}

/** Elements that a run is given. */
export interface Given {
  /** The elements. */
  readonly storage: Storage;
}

/**
 * Finds the arrays for a plan's inputs. To be asked again after the promise: between the list and the
 * run that uses it nothing may be awaited.
 *
 * @param plan The plan.
 * @param data The arguments, and what pauses have given.
 * @param options Where it runs, and what has been borrowed for it.
 * @returns The arrays, or a promise that some of them are there.
 */
export function bindInputs(
  { sources }: Pick<ReadyPlan, "sources">,
  data: readonly Given[],
  { backend, leases }: { readonly backend: Backend; readonly leases?: Leases },
): readonly DeviceBuffer[] | Promise<unknown> {
  const buffers: DeviceBuffer[] = [];
  const moving: Promise<DeviceBuffer>[] = [];
  for (const source of sources) {
    const storage = typeof source === "number" ? data[source]!.storage : source;
    const buffer = leases?.find(storage) ?? storage.bufferOn(backend);
    if (buffer instanceof Promise) moving.push(buffer);
    else buffers.push(buffer);
  }
  return moving.length > 0 ? Promise.all(moving) : buffers;
}

/**
 * Runs a plan that pauses. Everything that it reads has been leased, since others work meanwhile.
 *
 * @param ready The plan, which writes over nothing.
 * @param data The arguments.
 * @param options Where it runs, and what has been borrowed for it.
 * @returns What it gives, which belongs to the caller.
 * @throws {TensorError} `KERNEL_FAILED` if a call on the host fails.
 * @throws {TensorError} `NON_FINITE_VALUE` if a guard does not hold.
 */
export async function runPaused(
  ready: ReadyPlan,
  data: readonly Given[],
  options: { readonly backend: Backend; readonly leases: Leases },
): Promise<readonly Storage[]> {
  const { backend } = options;
  using owned = new DisposableStack();
  const known: Given[] = [...data];
  for (const { pause, executable, sources } of ready.pauses) {
    const inputs = await inputsFor({ sources }, known, options);
    const given = await passPause(pause, { backend, executable, inputs });
    known.push(...given.map((storage) => ({ storage: owned.use(storage) })));
  }
  const inputs = await inputsFor(ready, known, options);
  return await fillOutputs(ready, inputs, backend);
}

async function inputsFor(
  plan: Pick<ReadyPlan, "sources">,
  data: readonly Given[],
  options: { readonly backend: Backend; readonly leases: Leases },
): Promise<readonly DeviceBuffer[]> {
  for (;;) {
    const inputs = bindInputs(plan, data, options);
    if (!(inputs instanceof Promise)) return inputs;
    await inputs;
  }
}

/**
 * Runs a plan on some elements.
 *
 * @param ready The plan.
 * @param inputs The arrays for its inputs.
 * @param backend Where it runs.
 * @returns What it gives, which belongs to the caller.
 * @throws {TensorError} `NON_FINITE_VALUE` if a guard does not hold.
 */
export async function fillOutputs(
  ready: ReadyPlan,
  inputs: readonly DeviceBuffer[],
  backend: Backend,
): Promise<readonly Storage[]> {
  const results: Storage[] = [];
  try {
    const running = start(ready, { backend, inputs, results });
    if (running) await running;
    const { guards } = ready;
    if (guards) {
      const buffer = guards.told.bufferToFill(backend);
      await assertGuards(guards.labels, buffer);
    }
  } catch (error) {
    for (const storage of results) storage[Symbol.dispose]();
    throw error;
  }
  for (const { current, next } of ready.updates) {
    if (next) current.swap(next);
  }
  return results;
}

/** Starts a run. What is to hold its results is noted as soon as it is there. */
function start(
  { executable, results: specs, updates, guards }: ReadyPlan,
  { backend, inputs, results }: {
    readonly backend: Backend;
    readonly inputs: readonly DeviceBuffer[];
    readonly results: Storage[];
  },
): void | Promise<void> {
  const outputs: DeviceBuffer[] = [];
  for (const spec of specs) {
    const buffer = backend.allocate(spec);
    results.push(new Storage({ buffer }));
    outputs.push(buffer);
  }
  for (const { current, next } of updates) {
    // What is written over is an input, and so in the backend by now.
    const buffer = (next ?? current).bufferToFill(backend);
    if (next) outputs.push(buffer);
  }
  if (guards) outputs.push(guards.told.bufferToFill(backend));
  return executable.run(inputs, outputs);
}
