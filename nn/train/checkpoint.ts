/**
 * A checkpoint as bytes: a safetensors file with the tensors of the model, the optimizer and callbacks,
 * and where training stands as a note.
 *
 * Everything that the following steps depend on is in it, so they give the same bits as without the
 * interruption; the data is not, but the place in it is.
 *
 * @module
 */
import type { Tensor } from "../../ops/mod.ts";
import { checkpointInvalid, NnError } from "../errors.ts";
import { encodeSafetensors } from "../safetensors/encode_safetensors.ts";
import type { HostTensor, SafetensorsContent } from "../safetensors/format.ts";
import { hostTensors } from "../safetensors/host_tensors.ts";
import { parseSafetensors } from "../safetensors/parse_safetensors.ts";
import type { RunState } from "./run_state.ts";

/** The note that says where training stands. */
const NOTE = "spiraltorch.training";

/** What a checkpoint holds. */
export interface Checkpoint {
  /** Where training stands. */
  readonly state: RunState;
  /** Tensors of the model and the optimizer by name. */
  readonly tensors: ReadonlyMap<string, HostTensor>;
}

/**
 * Writes a checkpoint.
 *
 * @param state Where training stands.
 * @param tensors Tensors of the model and the optimizer by name, `model.…` and `optimizer.…`.
 * @returns The bytes.
 */
export async function encodeCheckpoint(
  state: RunState,
  tensors: ReadonlyMap<string, Tensor>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { callbacks, ...numbers } = state;
  const note = {
    ...numbers,
    callbacks: Object.fromEntries(
      Array.from(callbacks, ([name, { values }]) => [name, values]),
    ),
  };
  const all = new Map<string, HostTensor>(await hostTensors(tensors));
  for (const [callback, state] of callbacks) {
    for (const [name, tensor] of state.tensors) {
      all.set(`${callbackPrefix(callback)}${name}`, tensor);
    }
  }
  return encodeSafetensors(all, {
    metadata: new Map([[NOTE, JSON.stringify(note, asJson)]]),
  });
}

/**
 * Reads a checkpoint.
 *
 * @param bytes The bytes.
 * @returns What it holds.
 * @throws {NnError} `CHECKPOINT_INVALID` if it is none.
 */
export async function decodeCheckpoint(bytes: Uint8Array): Promise<Checkpoint> {
  const { tensors, metadata } = parseContent(bytes);
  const note = metadata.get(NOTE);
  if (note === undefined) {
    throw checkpointInvalid("found weights alone, wanted a checkpoint");
  }
  // The schema library is loaded by those who resume only.
  const { parseRunNote } = await import("./parse_run_note.ts");
  const { callbacks, ...numbers } = parseRunNote(note);
  const own = new Map(
    [...tensors].filter(([name]) => /^(model|optimizer)\./.test(name)),
  );
  const states = Object.entries(callbacks).map(([name, values]) =>
    [name, { values, tensors: tensorsOfCallback(name, tensors) }] as const
  );
  return {
    state: { ...numbers, callbacks: new Map(states) },
    tensors: own,
  };
}

function parseContent(bytes: Uint8Array): SafetensorsContent {
  try {
    return parseSafetensors(bytes);
  } catch (cause) {
    if (!(cause instanceof NnError)) throw cause;
    throw checkpointInvalid("found bytes that are no safetensors file", {
      cause,
    });
  }
}

function tensorsOfCallback(
  callback: string,
  tensors: ReadonlyMap<string, HostTensor>,
): Map<string, HostTensor> {
  const prefix = callbackPrefix(callback);
  return new Map(
    Array.from(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}

/** In brackets, so that no callback's name is the beginning of another's. */
function callbackPrefix(callback: string): string {
  return `callback.${JSON.stringify(callback)}.`;
}

/** JSON has no `undefined`, no `NaN` and no infinities. */
function asJson(_key: string, value: unknown): unknown {
  if (value === undefined) return null;
  return typeof value === "number" && !Number.isFinite(value)
    ? String(value)
    : value;
}
