import { type HostArray, itemBytes, sizeOf } from "../../core/base/mod.ts";
import type { WasmCode } from "../ir/mod.ts";
import {
  alignArray,
  type CodeCall,
  descriptionBytes,
  writeDescription,
} from "./call_description.ts";
import { stepsOf, trapReason } from "./code_steps.ts";
import { parseDirectModule } from "./direct_module.ts";
import type { LinkedArray } from "./linkage.ts";
import { linkModule } from "./link_module.ts";
import { storeArray, storedArray, storedBytes } from "./stored_array.ts";

const PAGE_BYTES = 65536;
/** Bytes of a slot of the table of parameters. */
const SLOT_BYTES = 4;

/**
 * Calls code whose arrays are memories that it imports, over a memory made for the call.
 *
 * @param code The code.
 * @param inputs The elements of each input.
 * @param options The call, and what builds the error for code that traps.
 * @returns The elements of the output.
 */
export function runLinked(
  code: WasmCode,
  inputs: readonly ArrayLike<number>[],
  { call, fail }: {
    readonly call: CodeCall;
    readonly fail: (problem: string, cause?: unknown) => Error;
  },
): HostArray {
  const { types } = call;
  const output = types.at(-1)!;
  const names = arrayNames(inputs.length);
  // The table, the description, then the arrays.
  let end = alignArray(SLOT_BYTES * names.length);
  const places = [
    descriptionBytes(call),
    ...types.map((type) => storedBytes(type)),
  ].map((bytes) => {
    const start = end;
    end = alignArray(start + bytes);
    return { start, bytes };
  });
  const pages = Math.ceil(end / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { buffer } = memory;
  new Int32Array(buffer).set(places.map(({ start }) => start));
  const arrays = types.map(() => 0);
  writeDescription(call, {
    buffer,
    at: places[0]!.start,
    origin: places[0]!.start,
    arrays,
  });
  inputs.forEach((elements, i) =>
    storeArray(buffer, places[i + 1]!.start, { type: types[i]!, elements })
  );
  const linked = linkModule(parseDirectModule(code.bytes, fail), {
    memory: { pages, isShared: false, addressBytes: SLOT_BYTES },
    tableUnitBits: 0,
    arrays: new Map(
      names.map((name, slot): [string, LinkedArray] => [
        name,
        { bytes: places[slot]!.bytes, slot, skip: 0 },
      ]),
    ),
    itemBytes: itemBytes(output.dtype),
    budget: stepsOf(call),
    refuse: fail,
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(linked), {
    host: { memory },
  });
  try {
    // It is what linking exports.
    const run = exports.run as (...parameters: readonly number[]) => void;
    run(0, sizeOf(output.shape), 0, 0);
  } catch (error) {
    throw fail(trapReason(error, exports), error);
  }
  return storedArray(buffer, places.at(-1)!.start, output);
}

/**
 * Lists the names of the memories of a call.
 *
 * @param inputs How many inputs it has.
 * @returns The description's, those of the inputs, the output's.
 */
export function arrayNames(inputs: number): readonly string[] {
  return [
    "call",
    ...Array.from({ length: inputs }, (_, i) => `input${i}`),
    "output",
  ];
}
