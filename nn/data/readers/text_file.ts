import { dataUnreadable } from "../data_errors.ts";
import type { TextSource } from "./text_source.ts";

/**
 * Takes a file as text, a piece at a time: it may be larger than memory.
 *
 * @example Rows of a file
 * ```ts ignore
 * for await (const row of readCsv(textFile("people.csv"))) {
 *   console.log(row.number("age"));
 * }
 * ```
 *
 * @param path The file, in UTF-8; a byte order mark is left out.
 * @returns The source, which is read once. Reading it throws `DATA_UNREADABLE` if the file cannot be
 * accessed, or is not UTF-8.
 */
export function textFile(path: string | URL): TextSource {
  const name = String(path);
  async function* chunks(): AsyncGenerator<string> {
    try {
      // Closed by its stream, at the end or when nobody reads on.
      const file = await Deno.open(path);
      const decoder = new TextDecoderStream("utf-8", { fatal: true });
      yield* file.readable.pipeThrough(decoder);
    } catch (cause) {
      throw dataUnreadable({ name }, `failed with ${String(cause)}`, { cause });
    }
  }
  return { name, chunks: chunks() };
}
