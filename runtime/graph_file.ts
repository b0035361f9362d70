import { replaceFile } from "../core/base/mod.ts";
import {
  encodeGraph,
  type EncodeGraphOptions,
  type GraphFunction,
  parseGraph,
  type ParseGraphOptions,
} from "../nn/mod.ts";
import type { Tensor } from "../ops/mod.ts";
import { graphUnreadable } from "./errors.ts";
import { toPath } from "./to_path.ts";

/**
 * Saves what tensors are computed by in two files: `<path>.json` says what is computed,
 * `<path>.safetensors` holds the weights. Each appears complete or not at all, the document last.
 *
 * @param path The files, without their endings.
 * @param outputs The tensors, by name.
 * @param options Which tensors are supplied later, and which operators go by name.
 * @throws {RuntimeError} `GRAPH_UNREADABLE` if a file cannot be written.
 */
export async function saveGraph(
  path: string | URL,
  outputs: Readonly<Record<string, Tensor>>,
  options?: EncodeGraphOptions,
): Promise<void> {
  const file = await encodeGraph(outputs, options);
  const target = toPath(path);
  const document = new TextEncoder().encode(file.graph);
  try {
    await replaceFile(`${target}.safetensors`, file.weights);
    await replaceFile(`${target}.json`, document);
  } catch (error) {
    throw graphUnreadable(target, error);
  }
}

/**
 * Reads a graph that {@linkcode saveGraph} saved.
 *
 * @param path The files, without their endings.
 * @param options Where operators are found.
 * @returns The graph as a function.
 * @throws {RuntimeError} `GRAPH_UNREADABLE` if a file cannot be read.
 * @throws {NnError} `GRAPH_FILE_INVALID` or `SAFETENSORS_INVALID` with every issue, if one is malformed.
 */
export async function loadGraph(
  path: string | URL,
  options?: ParseGraphOptions,
): Promise<GraphFunction> {
  const target = toPath(path);
  const [graph, weights] = await Promise.all([
    Deno.readTextFile(`${target}.json`),
    Deno.readFile(`${target}.safetensors`),
  ]).catch((error) => {
    throw graphUnreadable(target, error);
  });
  return await parseGraph({ graph, weights }, options);
}
