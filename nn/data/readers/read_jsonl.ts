import type { Json } from "../../../core/base/mod.ts";
import { dataUnreadable } from "../data_errors.ts";
import { sourceOf, textLines, type TextSource } from "./text_source.ts";

/** One value of a file in JSON Lines. */
export interface JsonLine {
  /** Which line it stands in, from 1. */
  readonly line: number;
  /** The value. */
  readonly value: Json;
}

/**
 * Reads JSON Lines: a value a line. Empty lines are passed over.
 *
 * @example Two values
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readJsonl, textSource } from "@spiraltorch/spiraltorch/data";
 *
 * const source = textSource("data.jsonl", '{"x": 1}\n\n[2]\n');
 * const values = await Array.fromAsync(readJsonl(source), ({ value }) => value);
 * assertEquals(values, [{ x: 1 }, [2]]);
 * ```
 *
 * @param source The text.
 * @returns The values.
 * @throws {NnError} `DATA_UNREADABLE` with file, line and column, at the first line that is no JSON.
 */
export async function* readJsonl(source: TextSource): AsyncGenerator<JsonLine> {
  const { name } = sourceOf("readJsonl", source);
  for await (const { line, text } of textLines(source)) {
    if (text.trim() === "") continue;
    yield { line, value: parse(text, { name, line }) };
  }
}

function parse(
  text: string,
  { name, line }: { readonly name: string; readonly line: number },
): Json {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw dataUnreadable(
      { name, line, column: brokenAt(text) },
      "found what is no JSON, wanted a value a line",
      { cause },
    );
  }
}

/** The column, from 1, of the first character that no JSON goes on with; behind the end if it is cut off. */
function brokenAt(text: string): number {
  let [good, bad] = [0, text.length + 1];
  // Not all messages of the engine name a place. What cannot go on cannot with more behind it.
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (canGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return bad;
}

function canGoOn(start: string): boolean {
  try {
    JSON.parse(start);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const place = /position (\d+)/.exec(message)?.[1];
    return /^Unexpected end/.test(message) || Number(place) >= start.length;
  }
}
