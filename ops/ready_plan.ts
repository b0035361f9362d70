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
import type { DataNode } from "./graph/node.ts";
import { assertGuards } from "./realize/guards.ts";
import type { Leases } from "./realize/leases.ts";
import { Storage } from "./storage.ts";

/** A tensor's elements, and the memory for the next ones where they are not written over. */
export interface PlannedUpdate {
  /** The elements. */
  readonly current: Storage;
  /** The memory. */
  readonly next: Storage | undefined;
}

/** A plan that stands ready to be run. */
export interface ReadyPlan {
  /** Its code. */
  readonly executable: Executable;
  /** For each input, the number of an argument, or elements that the function closes over. */
  readonly sources: readonly (number | Storage)[];
  /** What it gives. */
  readonly results: readonly BufferSpec[];
  /** What it changes. */
  readonly updates: readonly PlannedUpdate[];
  /** Labels of the guards that must hold, and the array that tells whether they do. */
  readonly guards:
    | { readonly labels: readonly string[]; readonly told: Storage }
    | undefined;
}

/**
 * Finds the arrays for a plan's inputs. To be asked again after the promise: between the list and the
 * run that uses it nothing may be awaited.
 *
 * @param plan The plan.
 * @param data The arguments.
 * @param options Where it runs, and what has been borrowed for it.
 * @returns The arrays, or a promise that some of them are there.
 */
export function bindInputs(
  { sources }: ReadyPlan,
  data: readonly DataNode[],
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
