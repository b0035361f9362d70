import { workObserver } from "../../core/base/mod.ts";
import type { Backend, DeviceBuffer } from "../../kernels/backend.ts";
import { defaultBackend } from "../../kernels/default/mod.ts";
import {
  backendAfterRefusal,
  fallBack,
  type FallbackMode,
} from "../dispatch/fallbacks.ts";
import { placeholderUnbound } from "../errors.ts";
import type { DataNode, Node } from "../graph/node.ts";
import { realizedOr, setRealized } from "../graph/realized.ts";
import { Storage } from "../storage.ts";
import { blameCode } from "./blame_code.ts";
import { breathe, withRoom } from "./breathe.ts";
import { assertGuards } from "./guards.ts";
import { leaseStorages } from "./leases.ts";
import { givenBy, isPassedOver, passPause, type Pause } from "./pause.ts";
import { makePlan, type Plan } from "./plan.ts";

/** Options of {@linkcode realizeNodes}. */
export interface RealizeOptions {
  /** Where to compute; the default backend if left out. */
  readonly backend?: Backend | undefined;
  /**
   * What is done where the backend, or an operator's kernel for it, cannot compute a call: `next` lets
   * the next backend or kernel do it, `error` refuses.
   *
   * @default {"next"}
   */
  readonly fallback?: FallbackMode | undefined;
}

/**
 * Computes nodes, all in one program.
 *
 * @param nodes The nodes.
 * @param options Where to compute.
 * @returns The same nodes as data, each with a storage of its own.
 * @throws {TensorError} `PLACEHOLDER_UNBOUND` if a node depends on a placeholder.
 * @throws {TensorError} `NON_FINITE_VALUE` if a guard does not hold.
 * @throws {TensorError} `DISPATCH_FAILED` if something would have to fall back, and may not.
 * @throws {BackendError} `OUT_OF_MEMORY` if there is no room; then nothing is kept.
 */
export async function realizeNodes(
  nodes: readonly Node[],
  { backend = defaultBackend(), fallback }: RealizeOptions = {},
): Promise<DataNode[]> {
  const wanted = nodes.map(realizedOr);
  const pending = [...new Set(wanted)].filter((node) => node.kind !== "data");
  const results = new Map<Node, DataNode>();
  if (pending.length > 0) {
    const options = { backend, fallback };
    const observer = workObserver("realize");
    const buffers = await (observer
      ? observer(
        {
          name: "realize",
          attributes: { backend: backend.name, operator: nameOf(pending) },
        },
        () => computeAll(pending, options),
      )
      : computeAll(pending, options));
    pending.forEach((node, i) => {
      const storage = new Storage({ buffer: buffers[i]! });
      const data: DataNode = { kind: "data", storage, type: node.type };
      if (node.kind === "apply" || node.kind === "constant") {
        setRealized(node, data);
      }
      results.set(node, data);
    });
    await breathe();
  }
  return wanted.map((node) => node.kind === "data" ? node : results.get(node)!);
}

/**
 * Computes nodes by whatever kernels there are: where an operator's own fails, by what stands for it;
 * where a backend refuses one, on the next.
 */
async function computeAll(
  nodes: readonly Node[],
  { backend: wanted, fallback }: RealizeOptions & { readonly backend: Backend },
): Promise<DeviceBuffer[]> {
  let backend = wanted;
  for (;;) {
    const plan = makePlan(nodes, { backend: backend.name });
    for (const one of plan.fallbacks) fallBack(one, fallback);
    using given = new Given();
    try {
      for (const pause of plan.pauses) {
        await withRoom(() => runPause(pause, { backend, given }));
      }
      return await withRoom(() => runPlan(plan, { backend, given }));
    } catch (failure) {
      if (isPassedOver(plan.pauses)) continue;
      const { error, isReplaced } = blameCode(failure, {
        foreign: plan.foreign,
        backend: backend.name,
      });
      if (isReplaced) continue;
      backend = backendAfterRefusal(error, {
        backend,
        operator: nameOf(nodes),
        mode: fallback,
      });
    }
  }
}

/** What a program is called: as what is asked for. */
function nameOf(nodes: readonly Node[]): string {
  const call = nodes.find((node) => node.kind === "apply");
  return call ? call.operator.name : "a constant";
}

/** What the pauses before a program have given; disposing it gives the memory back. */
export class Given implements Disposable {
  readonly #storages = new Map<Node, Storage>();

  /**
   * Takes over what a pause gives.
   *
   * @param pause The pause.
   * @param storages The values that it gives.
   */
  add(pause: Pause, storages: readonly Storage[]): void {
    givenBy(pause).forEach((node, i) => this.#storages.set(node, storages[i]!));
  }

  /**
   * Finds the elements of what a program begins with.
   *
   * @param node Data, or what a pause gives.
   * @returns Its storage.
   * @throws {TensorError} `PLACEHOLDER_UNBOUND` if it has no elements.
   */
  storageOf(node: Node): Storage {
    return this.#storages.get(node) ?? dataOf(node).storage;
  }

  /** Gives the memory back. */
  [Symbol.dispose](): void {
    for (const storage of this.#storages.values()) storage[Symbol.dispose]();
  }
}

/** Where a program runs, and what it may begin with. */
export interface Surroundings {
  /** The backend. */
  readonly backend: Backend;
  /** What pauses before it have given. */
  readonly given: Given;
}

/**
 * Computes a call on the host, and notes what it gives.
 *
 * @param pause The call.
 * @param surroundings Where, and with what.
 */
export async function runPause(
  pause: Pause,
  { backend, given }: Surroundings,
): Promise<void> {
  const storages = pause.inputs.map((node) => given.storageOf(node));
  using leases = await leaseStorages(storages, backend);
  using executable = await backend.compile(pause.program);
  const inputs = storages.map((storage) => leases.bufferOf(storage));
  given.add(pause, await passPause(pause, { backend, executable, inputs }));
}

/** Runs a plan once; the outputs belong to the caller. What tells whether guards hold is not among them. */
async function runPlan(
  { program, inputs, guards }: Plan,
  { backend, given }: Surroundings,
): Promise<DeviceBuffer[]> {
  const storages = inputs.map((node) => given.storageOf(node));
  const leasing = leaseStorages(storages, backend);
  // What need not be awaited is not: a run that can take place in the call does.
  using leases = leasing instanceof Promise ? await leasing : leasing;
  const compiled = backend.compile(program);
  using executable = compiled instanceof Promise ? await compiled : compiled;
  const outputs: DeviceBuffer[] = [];
  try {
    for (const spec of program.outputs) outputs.push(backend.allocate(spec));
    await executable.run(
      storages.map((storage) => leases.bufferOf(storage)),
      outputs,
    );
    if (guards.length > 0) {
      await assertGuards(guards, outputs.at(-1)!);
      backend.free(outputs.pop()!);
    }
  } catch (error) {
    for (const buffer of outputs) backend.free(buffer);
    throw error;
  }
  return outputs;
}

/**
 * Takes a node as data.
 *
 * @param node The node.
 * @returns The same node.
 * @throws {TensorError} `PLACEHOLDER_UNBOUND` if it has no elements.
 */
export function dataOf(node: Node): DataNode {
  if (node.kind === "data") return node;
  throw placeholderUnbound(node.kind === "placeholder" ? node.name : node.kind);
}
