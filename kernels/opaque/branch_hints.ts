/**
 * Tells the compiler which branches are hardly ever taken. Without, what such a branch needs, above all
 * the calls in it, is paid for where it is not taken: values leave their registers for it.
 *
 * Code that is put together holds {@linkcode UNLIKELY} before the instruction; what is made of it is the
 * code without, and where the instructions stand in it. Engines that do not know hints pass over them.
 *
 * **Source**: the proposal branch hinting of WebAssembly, "Code Metadata".
 *
 * @module
 */
import { unsignedBytes } from "./byte_reader.ts";
import { list, text } from "./wasm_encoding.ts";

/** Stands before an `if` whose first arm is hardly ever taken; no byte of a module. */
export const UNLIKELY = -1;

/** The body of a function, and the places in it of instructions that hardly ever branch. */
export interface HintedBody {
  /** Its bytes, its locals included. */
  readonly bytes: readonly number[];
  /** Where the instructions stand. */
  readonly unlikely: readonly number[];
}

/**
 * Takes the marks out of the body of a function.
 *
 * @param marked Its bytes, among them {@linkcode UNLIKELY}.
 * @returns The body.
 */
export function hintedBody(marked: readonly number[]): HintedBody {
  const bytes: number[] = [];
  const unlikely: number[] = [];
  for (const byte of marked) {
    if (byte === UNLIKELY) unlikely.push(bytes.length);
    else bytes.push(byte);
  }
  return { bytes, unlikely };
}

/**
 * Writes the custom section of the hints, which stands before the section of the code.
 *
 * @param bodies The first functions of the module, in order.
 * @returns Its content.
 */
export function branchHints(bodies: readonly HintedBody[]): readonly number[] {
  const functions = bodies.flatMap(({ unlikely }, i) =>
    unlikely.length === 0 ? [] : [[
      ...unsignedBytes(i),
      // Each has one byte, which says that it is not likely.
      ...list(unlikely.map((place) => [...unsignedBytes(place), 1, 0])),
    ]]
  );
  return [...text("metadata.code.branch_hint"), ...list(functions)];
}
