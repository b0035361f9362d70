import { replaceFile } from "../core/base/mod.ts";
import {
  type ByteSource,
  encodeSafetensors,
  type GgufTensor,
  type GgufValue,
  type HostTensor,
  hostTensors,
  readGguf,
  readSafetensors,
  type ReadTensorOptions,
  type StoredTensor,
  tensorOf,
} from "../nn/mod.ts";
import type { Tensor } from "../ops/mod.ts";
import { checkpointUnreadable } from "./errors.ts";
import { openBytes } from "./open_bytes.ts";
import { toPath } from "./to_path.ts";

/**
 * Writes tensors to a file in the safetensors format. The file appears complete or not at all.
 *
 * @param path The file.
 * @param stateDict The tensors by name, as `Module.stateDict()` gives them.
 * @throws {RuntimeError} `CHECKPOINT_UNREADABLE` if the file cannot be written.
 */
export async function saveSafetensors(
  path: string | URL,
  stateDict: ReadonlyMap<string, Tensor>,
): Promise<void> {
  const bytes = encodeSafetensors(await hostTensors(stateDict));
  const target = toPath(path);
  try {
    await replaceFile(target, bytes);
  } catch (error) {
    throw checkpointUnreadable(target, error);
  }
}

/**
 * Reads tensors from a file in the safetensors format, one after another.
 *
 * @param path The file.
 * @returns The tensors by name, for `Module.loadStateDict()`.
 * @throws {RuntimeError} `CHECKPOINT_UNREADABLE` if the file cannot be read.
 * @throws {NnError} `SAFETENSORS_INVALID` with every issue, if it is malformed.
 */
export async function loadSafetensors(
  path: string | URL,
): Promise<Map<string, Tensor>> {
  await using file = await openSafetensors(path);
  const tensors = new Map<string, Tensor>();
  for (const name of file.tensors.keys()) {
    tensors.set(name, await file.tensor(name));
  }
  return tensors;
}

/** A file in the safetensors format, of which tensors are read when they are asked for. */
export interface SafetensorsFile extends AsyncDisposable {
  /** What the file says of its tensors, by name, in the order of their bytes. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Notes by name. */
  readonly metadata: ReadonlyMap<string, string>;
  /**
   * Reads a tensor, or some of its rows.
   *
   * @param name Its name.
   * @param options Which rows.
   * @returns The tensor.
   * @throws {OptionError} `INVALID_OPTION` if there is no such tensor or row.
   * @throws {RuntimeError} `CHECKPOINT_UNREADABLE` if the file cannot be read any more.
   * @throws {NnError} `SAFETENSORS_INVALID` if an element is none of its dtype's.
   */
  tensor(name: string, options?: ReadTensorOptions): Promise<Tensor>;
}

/**
 * Opens a file in the safetensors format. Only its header is read: it may be larger than the memory.
 *
 * @example Some rows of a large table
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { arange, openSafetensors, saveSafetensors } from "@spiraltorch/spiraltorch";
 *
 * const path = await Deno.makeTempFile();
 * const table = arange(0, 6).reshape([3, 2]);
 * await saveSafetensors(path, new Map([["table", table]]));
 * await using file = await openSafetensors(path);
 * assertEquals(file.tensors.get("table")!.shape, [3, 2]);
 * const rows = await file.tensor("table", { rows: [1, 3] });
 * assertEquals(await rows.array(), [[2, 3], [4, 5]]);
 * await Deno.remove(path);
 * ```
 *
 * @param path The file.
 * @returns The file, for the caller to dispose.
 * @throws {RuntimeError} `CHECKPOINT_UNREADABLE` if the file cannot be read.
 * @throws {NnError} `SAFETENSORS_INVALID` with every issue of its header.
 */
export function openSafetensors(
  path: string | URL,
): Promise<SafetensorsFile> {
  return openTensors(path, readSafetensors);
}

/** A file in the GGUF format, of which tensors are read when they are asked for. */
export interface GgufFile extends AsyncDisposable {
  /** What the file says of its tensors, by name, in its order. */
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  /** What it says of the model, by name. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /**
   * Reads a tensor, or some of its rows.
   *
   * @param name Its name.
   * @param options Which rows.
   * @returns The tensor; blocks of numbers that share a scale as `float32`.
   * @throws {OptionError} `INVALID_OPTION` if there is no such tensor or row.
   * @throws {RuntimeError} `CHECKPOINT_UNREADABLE` if the file cannot be read any more.
   * @throws {NnError} `GGUF_INVALID` if its elements are stored in a way that is not read.
   */
  tensor(name: string, options?: ReadTensorOptions): Promise<Tensor>;
}

/**
 * Opens a file in the GGUF format. Only its header is read: it may be larger than the memory.
 *
 * @param path The file.
 * @returns The file, for the caller to dispose.
 * @throws {RuntimeError} `CHECKPOINT_UNREADABLE` if the file cannot be read.
 * @throws {NnError} `GGUF_INVALID` with every issue of its header.
 */
export function openGguf(path: string | URL): Promise<GgufFile> {
  return openTensors(path, readGguf);
}

/** What reads tensors of one format. */
interface TensorReader {
  read(name: string, options?: ReadTensorOptions): Promise<HostTensor>;
}

async function openTensors<Reader extends TensorReader>(
  path: string | URL,
  readHeader: (source: ByteSource) => Promise<Reader>,
): Promise<
  Omit<Reader, "read"> & AsyncDisposable & Pick<SafetensorsFile, "tensor">
> {
  const source = await openBytes(toPath(path));
  try {
    const { read, ...told } = await readHeader(source);
    return {
      ...told,
      tensor: async (name, options) => tensorOf(await read(name, options)),
      [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
    };
  } catch (error) {
    await source[Symbol.asyncDispose]();
    throw error;
  }
}
