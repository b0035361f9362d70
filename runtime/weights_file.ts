import { replaceFile } from "../core/base/mod.ts";
import {
  encodeSafetensors,
  hostTensors,
  parseSafetensors,
  tensorsOf,
} from "../nn/mod.ts";
import type { Tensor } from "../ops/mod.ts";
import { checkpointUnreadable } from "./errors.ts";
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
 * Reads tensors from a file in the safetensors format.
 *
 * @param path The file.
 * @returns The tensors by name, for `Module.loadStateDict()`.
 * @throws {RuntimeError} `CHECKPOINT_UNREADABLE` if the file cannot be read.
 * @throws {NnError} `SAFETENSORS_INVALID` with every issue, if it is malformed.
 */
export async function loadSafetensors(
  path: string | URL,
): Promise<Map<string, Tensor>> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    throw checkpointUnreadable(toPath(path), error);
  }
  return tensorsOf(parseSafetensors(bytes).tensors);
}
