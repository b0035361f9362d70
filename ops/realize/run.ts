import type { Backend, DeviceBuffer } from "../../kernels/mod.ts";
import { defaultBackend } from "../../kernels/mod.ts";
import { placeholderUnbound } from "../errors.ts";
import type { DataNode, Node } from "../graph/node.ts";
import { realizedOr, setRealized } from "../graph/realized.ts";
import { Storage } from "../storage.ts";
import { breathe, withRoom } from "./breathe.ts";
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

/** Runs a plan once; the outputs belong to the caller. */
async function runPlan(
  { program, inputs }: Plan,
  backend: Backend,
): Promise<DeviceBuffer[]> {
  const storages = inputs.map((node) => dataOf(node).storage);
  const compiled = backend.compile(program);
  using executable = compiled instanceof Promise ? await compiled : compiled;
  let bound = bindStorages(storages, backend);
  while (bound instanceof Promise) {
    await bound;
    bound = bindStorages(storages, backend);
  }
  const outputs: DeviceBuffer[] = [];
  try {
    for (const spec of program.outputs) outputs.push(backend.allocate(spec));
    await executable.run(bound, outputs);
  } catch (error) {
    for (const buffer of outputs) backend.free(buffer);
    throw error;
  }
  return outputs;
}

/**
 * Brings elements to a backend. To be asked again after the promise: in the meantime elements may
 * have been moved or disposed. Between a list and the run that uses it nothing may be awaited.
 *
 * @param storages The elements.
 * @param backend The backend.
 * @returns Its arrays, or a promise if some elements must first be read from another backend.
 * @throws {TensorError} `TENSOR_DISPOSED` if elements are gone.
 */
export function bindStorages(
  storages: readonly Storage[],
  backend: Backend,
): readonly DeviceBuffer[] | Promise<unknown> {
  const buffers: DeviceBuffer[] = [];
  const moving: Promise<DeviceBuffer>[] = [];
  for (const storage of storages) {
    const buffer = storage.bufferOn(backend);
    if (buffer instanceof Promise) moving.push(buffer);
    else buffers.push(buffer);
  }
  return moving.length > 0 ? Promise.all(moving) : buffers;
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
