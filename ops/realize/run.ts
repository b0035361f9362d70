import type { Backend, DeviceBuffer } from "../../kernels/mod.ts";
import { defaultBackend } from "../../kernels/mod.ts";
import { placeholderUnbound } from "../errors.ts";
import type { DataNode, Node } from "../graph/node.ts";
import { realizedOr, setRealized } from "../graph/realized.ts";
import { Storage } from "../storage.ts";
import { breathe, withRoom } from "./breathe.ts";
import { assertGuards } from "./guards.ts";
import { leaseStorages } from "./leases.ts";
import { makePlan, type Plan } from "./plan.ts";

/** Options of {@linkcode realizeNodes}. */
export interface RealizeOptions {
  /** Where to compute; the default backend if left out. */
  readonly backend?: Backend | undefined;
}

/**
 * Computes nodes, all in one program.
 *
 * @param nodes The nodes.
 * @param options Where to compute.
 * @returns The same nodes as data, each with a storage of its own.
 * @throws {TensorError} `PLACEHOLDER_UNBOUND` if a node depends on a placeholder.
 * @throws {TensorError} `NON_FINITE_VALUE` if a guard does not hold.
 * @throws {BackendError} `OUT_OF_MEMORY` if there is no room; then nothing is kept.
 */
export async function realizeNodes(
  nodes: readonly Node[],
  { backend = defaultBackend() }: RealizeOptions = {},
): Promise<DataNode[]> {
  const wanted = nodes.map(realizedOr);
  const pending = [...new Set(wanted)].filter((node) => node.kind !== "data");
  const results = new Map<Node, DataNode>();
  if (pending.length > 0) {
    const plan = makePlan(pending);
    const buffers = await withRoom(() => runPlan(plan, backend));
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

/** Runs a plan once; the outputs belong to the caller. What tells whether guards hold is not among them. */
async function runPlan(
  { program, inputs, guards }: Plan,
  backend: Backend,
): Promise<DeviceBuffer[]> {
  const storages = inputs.map((node) => dataOf(node).storage);
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
