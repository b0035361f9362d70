import { assertMethods, optionsOf } from "../../../core/base/mod.ts";
import { assertText } from "../../check/assert_text.ts";

/** Text that comes in pieces, and what it is called in messages. */
export interface TextSource {
  /** Its name: a path, say. */
  readonly name: string;
  /** The text, cut anywhere. */
  readonly chunks: AsyncIterable<string>;
}

/**
 * Takes text that is there already as a source.
 *
 * @param name What it is called in messages.
 * @param text The text.
 * @returns The source.
 */
export function textSource(name: string, text: string): TextSource {
  assertText("name of textSource", name);
  assertText("text of textSource", text);
  async function* chunks(): AsyncGenerator<string> {
    yield await Promise.resolve(text);
  }
  return { name, chunks: chunks() };
}

/**
 * Takes what text is read from.
 *
 * @param operation What reads it, for the message.
 * @param source What the caller passed.
 * @returns The same.
 * @throws {OptionError} `INVALID_OPTION` if it has no name or no text.
 */
export function sourceOf(operation: string, source: TextSource): TextSource {
  const { name, chunks } = optionsOf(operation, source);
  assertText(`name of a source of ${operation}`, name);
  assertMethods(`text of ${operation}`, chunks, Symbol.asyncIterator);
  return source;
}

/** One line of a text. */
export interface TextLine {
  /** Which line it is, from 1. */
  readonly line: number;
  /** The line, without its end. */
  readonly text: string;
}

/**
 * Cuts a text into lines, however it comes. A line ends with `\n` or `\r\n`; what follows the last end
 * is a line if it is not empty.
 *
 * @example Lines across pieces
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { textLines, textSource } from "@spiraltorch/spiraltorch/data";
 *
 * const lines = await Array.fromAsync(textLines(textSource("notes", "a\r\nb\n")));
 * assertEquals(lines, [{ line: 1, text: "a" }, { line: 2, text: "b" }]);
 * ```
 *
 * @param source The text.
 * @returns The lines.
 */
export async function* textLines(source: TextSource): AsyncGenerator<TextLine> {
  const { chunks } = sourceOf("textLines", source);
  let line = 0;
  // Joined only where a line ends, so that a long line costs no more than its length.
  let pieces: string[] = [];
  for await (const chunk of chunks) {
    const [first, ...more] = chunk.split("\n");
    pieces.push(first!);
    for (const next of more) {
      yield { line: ++line, text: pieces.join("").replace(/\r$/, "") };
      pieces = [next];
    }
  }
  const rest = pieces.join("");
  if (rest !== "") yield { line: ++line, text: rest };
}
