import type { Backend, DeviceBuffer, HostElements } from "../../kernels/mod.ts";
import { defaultBackend } from "../../kernels/mod.ts";
import {
  backendAfterRefusal,
  fallBack,
  type FallbackMode,
  kernelFallback,
} from "../dispatch/fallbacks.ts";
import { placeholderUnbound } from "../errors.ts";
import type { DataNode, Node } from "../graph/node.ts";
import { realizedOr, setRealized } from "../graph/realized.ts";
import { Storage } from "../storage.ts";
import { blameCode } from "./blame_code.ts";
import { breathe, withRoom } from "./breathe.ts";
import { assertGuards } from "./guards.ts";
import { leaseStorages } from "./leases.ts";
import type { HostCall } from "./lower.ts";
import { makePlan, type Plan } from "./plan.ts";
import { runHostKernel } from "./run_host_kernel.ts";

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
    const buffers = await computeAll(pending, { backend, fallback });
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
    using computed = new HostResults(backend, fallback);
    try {
      for (const call of plan.hostCalls) await computed.compute(call);
      return await withRoom(() => runPlan(plan, { backend, computed }));
    } catch (failure) {
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

/** Runs a plan once; the outputs belong to the caller. What tells whether guards hold is not among them. */
async function runPlan(
  { program, inputs, guards }: Plan,
  { backend, computed }: {
    readonly backend: Backend;
    readonly computed: HostResults;
  },
): Promise<DeviceBuffer[]> {
  const storages = inputs.map((node) =>
    computed.find(node) ?? dataOf(node).storage
  );
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

/** What was computed on the host for one plan; disposing it gives the memory back. */
class HostResults implements Disposable {
  readonly #backend: Backend;
  readonly #fallback: FallbackMode | undefined;
  readonly #storages = new Map<Node, Storage>();

  constructor(backend: Backend, fallback: FallbackMode | undefined) {
    this.#backend = backend;
    this.#fallback = fallback;
  }

  /** The elements of what stands for a result, if it is one. */
  find(node: Node): Storage | undefined {
    return this.#storages.get(node);
  }

  /** Computes a call from what programs and calls before it have given. */
  async compute({ call, operator, result }: HostCall): Promise<void> {
    const { kernels, fallback } = operator;
    const backend = this.#backend.name;
    const name = kernels.find(backend) ? backend : "reference";
    let storage: Storage | undefined;
    try {
      const inputs = await this.#elementsOf(call.inputs);
      storage = await runHostKernel(call, { operator, backend: name, inputs });
    } catch (error) {
      if (kernels.failureOf(name) === undefined) throw error;
      const isLast = fallback === undefined &&
        (name === "reference" || !kernels.find("reference"));
      if (isLast) throw error;
      const passed = kernelFallback(operator, name);
      if (passed) fallBack(passed, this.#fallback);
    }
    storage ??= await this.#computeOtherwise({ call, operator, result });
    this.#storages.set(result, storage);
  }

  [Symbol.dispose](): void {
    for (const storage of this.#storages.values()) storage[Symbol.dispose]();
  }

  /** After a kernel has failed: by the graph that it stands for, or else by the plain one. */
  async #computeOtherwise(
    { call, operator }: HostCall,
  ): Promise<Storage> {
    const { fallback } = operator;
    if (fallback) {
      const body = fallback(call.inputs, call.attributes);
      const [storage] = await this.#run([body]);
      return storage!;
    }
    const inputs = await this.#elementsOf(call.inputs);
    return runHostKernel(call, { operator, backend: "reference", inputs });
  }

  async #elementsOf(nodes: readonly Node[]): Promise<HostElements[]> {
    const storages = await this.#run(nodes);
    try {
      return await Promise.all(storages.map((one) => one.elements()));
    } finally {
      for (const storage of storages) storage[Symbol.dispose]();
    }
  }

  /** Computes nodes that depend on what is there. */
  async #run(nodes: readonly Node[]): Promise<Storage[]> {
    const plan = makePlan(nodes, {
      backend: this.#backend.name,
      avoidsHost: true,
    });
    const options = { backend: this.#backend, computed: this };
    const buffers = await withRoom(() => runPlan(plan, options));
    return buffers.map((buffer) => new Storage({ buffer }));
  }
}
