import { assertMethods } from "../../core/base/mod.ts";
import { assertIndex } from "../check/assert_number.ts";
import type { ByteSource } from "../read_exactly.ts";
import type { GgufReader } from "./format.ts";

/**
 * Reads the header of a GGUF file, in which models are handed on with numbers of four to eight bits.
 * `F32`, `F16`, `BF16`, `F64`, whole numbers, and the blocks `Q4_0`, `Q4_1`, `Q5_0`, `Q5_1` and `Q8_0` are
 * read; tensors of other types are listed.
 *
 * **Source**: ggml, `docs/gguf.md`, versions 2 and 3.
 *
 * @example What is no such file
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { NnError, readGguf } from "@spiraltorch/spiraltorch/nn";
 *
 * const bytes = new TextEncoder().encode("GGML, which is older");
 * const source = {
 *   size: bytes.length,
 *   read: (start: number, end: number) => Promise.resolve(bytes.subarray(start, end)),
 * };
 * await assertRejects(() => readGguf(source), NnError, "Found no GGUF file");
 * ```
 *
 * @param source The file.
 * @returns What reads its tensors.
 * @throws {NnError} `GGUF_INVALID` with every issue of the header.
 * @throws {OptionError} `INVALID_OPTION` if there is nothing to read from.
 */
export async function readGguf(source: ByteSource): Promise<GgufReader> {
  assertMethods("source of readGguf", source, "read");
  assertIndex("size of a source", source.size);
  // Loaded by those who read such files only.
  const { openGgufReader } = await import("./gguf_reader.ts");
  return await openGgufReader(source);
}
