/**
 * Puts rows under each other, with columns as wide as their widest cell.
 *
 * @example Two rows
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { textTable } from "./text_table.ts";
 *
 * assertEquals(textTable([["a", "one"], ["long", "two"]]), "a     one\nlong  two");
 * ```
 *
 * @param rows The rows: texts without colors.
 * @returns Lines without spaces at their ends.
 */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    }
  }
  return rows.map((row) =>
    row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd()
  ).join("\n");
}
