import { listOf, optionsOf } from "../../../core/base/mod.ts";
import { assertText } from "../../check/assert_text.ts";
import { dataUnreadable } from "../data_errors.ts";
import { sourceOf, type TextSource } from "./text_source.ts";

/** One row of a table. */
export interface CsvRow {
  /** The line that it ends in, from 1. */
  readonly line: number;
  /**
   * Tells the text of a column.
   *
   * @param column The column's name.
   * @returns The text.
   */
  text(column: string): string;
  /**
   * Reads the number in a column.
   *
   * @param column The column's name.
   * @returns The number.
   */
  number(column: string): number;
}

/** Options of {@linkcode readCsv}. */
export interface CsvOptions {
  /**
   * What stands between columns.
   *
   * @default {","}
   */
  readonly delimiter?: string;
  /** Names of the columns; the first row has them if left out. */
  readonly columns?: readonly string[];
}

/** What the parser tells of a row. */
interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads a table from comma-separated values, row by row: quotes, line breaks in quotes, and a byte order
 * mark are understood.
 *
 * **Source**: RFC 4180, by the package `csv-parse`, which is loaded when the first row is read.
 *
 * @example Numbers by the names of their columns
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readCsv, textSource } from "@spiraltorch/spiraltorch/data";
 *
 * const source = textSource("people.csv", 'name,age\n"Lovelace, Ada",36\n');
 * for await (const row of readCsv(source)) {
 *   assertEquals([row.text("name"), row.number("age")], ["Lovelace, Ada", 36]);
 * }
 * ```
 *
 * @param source The text.
 * @param options How it is written.
 * @returns The rows. Their methods throw `DATA_UNREADABLE` with file, line and column if there is no such
 * column, or no number in it.
 * @throws {NnError} `DATA_UNREADABLE` with file, line and column, at the first row that has more or fewer
 * columns than there are names, or quotes that do not close.
 */
export async function* readCsv(
  source: TextSource,
  options?: CsvOptions,
): AsyncGenerator<CsvRow> {
  const { delimiter = ",", columns } = optionsOf("readCsv", options);
  const { name } = sourceOf("readCsv", source);
  assertText("readCsv delimiter", delimiter);
  let names = columns && listOf("readCsv columns", columns);
  const { parse } = await import("csv-parse");
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    skip_empty_lines: true,
  });
  const feeding = feed(source, parser);
  // What goes wrong while the rows are read is told by them.
  feeding.catch(() => {});
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (names) yield rowOf(record, { name, line: info.lines, names });
      else names = record;
    }
    await feeding;
  } catch (cause) {
    throw isParserError(cause)
      ? dataUnreadable(
        { name, line: cause.lines, column: columnOf(cause) },
        `found a row that breaks the rules (${cause.code}), wanted as many columns as there are names`,
        { cause },
      )
      : cause;
  } finally {
    parser.destroy();
  }
}

/** Writes text to the parser as fast as it is read. */
async function feed(
  { chunks }: TextSource,
  parser: {
    readonly destroyed: boolean;
    write(text: string, done: (error?: Error | null) => void): boolean;
    end(): void;
    destroy(error: Error): void;
  },
): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (parser.destroyed) return;
      await new Promise<void>((resolve) =>
        parser.write(chunk, () => resolve())
      );
    }
    parser.end();
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** What the parser throws. */
interface ParserError extends Error {
  readonly code: string;
  readonly lines: number;
  readonly column?: number | string;
}

function isParserError(value: unknown): value is ParserError {
  return value instanceof Error && "code" in value &&
    /^CSV_/.test(String(value.code)) && "lines" in value;
}

function columnOf({ column }: ParserError): number | string {
  // The parser counts from 0.
  return typeof column === "number" ? column + 1 : column ?? 1;
}

function rowOf(
  record: readonly string[],
  { name, line, names }: {
    readonly name: string;
    readonly line: number;
    readonly names: readonly string[];
  },
): CsvRow {
  function text(column: string): string {
    const found = record[names.indexOf(column)];
    if (found !== undefined) return found;
    const known = names.map((name) => JSON.stringify(name)).join(", ");
    throw dataUnreadable({ name, line, column }, `found the columns ${known}`);
  }
  return {
    line,
    text,
    number(column) {
      const written = text(column).trim();
      const number = Number(written);
      if (written !== "" && !Number.isNaN(number)) return number;
      throw dataUnreadable(
        { name, line, column },
        `found ${JSON.stringify(written)}, wanted a number`,
      );
    },
  };
}
