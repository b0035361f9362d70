/**
 * How values are shown in notebooks: Deno's Jupyter kernel asks them by a method of a known name.
 *
 * @module
 */

/**
 * Name of the method that Deno's Jupyter kernel asks how a value is to be shown.
 *
 * **Source**: Deno's manual, "Jupyter kernel", rich content output.
 */
export const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display");

/** A value in several forms, by media type; a notebook shows the richest that it can. */
export type MediaBundle = Readonly<Record<string, string>>;

/** What a notebook can show. */
export interface Displayable {
  /** Gives the value in the forms that a notebook may show. */
  [JUPYTER_DISPLAY](): MediaBundle | Promise<MediaBundle>;
}

/**
 * Gives the values of a class the method that notebooks look for. In the class's own `static` block: a
 * method of that name can be written there, but not declared.
 *
 * @typeParam Value The class.
 * @param prototype What its values inherit from.
 * @param display Gives a value in the forms that a notebook may show.
 */
export function defineDisplay<Value extends object>(
  prototype: Value,
  display: (value: Value) => MediaBundle | Promise<MediaBundle>,
): void {
  Object.defineProperty(prototype, JUPYTER_DISPLAY, {
    value(this: Value) {
      return display(this);
    },
  });
}

/** A table to be shown. */
export interface DisplayTable {
  /** What stands above it. */
  readonly caption: string;
  /** The columns' names; none if left out. */
  readonly head?: readonly string[];
  /** The cells, row by row. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * Writes a table as HTML and as text.
 *
 * @example A row of numbers
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { displayTable } from "@spiraltorch/spiraltorch/base";
 *
 * const bundle = displayTable({ caption: "int32[2]", rows: [["1", "20"]] });
 * assertEquals(bundle["text/plain"], "int32[2]\n1  20");
 * ```
 *
 * @param table The table. Its texts may be anything: they are escaped.
 * @returns The table as `text/html` and as `text/plain`.
 */
export function displayTable(
  { caption, head, rows }: DisplayTable,
): MediaBundle {
  const all = head ? [head, ...rows] : rows;
  const widths = (all[0] ?? []).map((_, column) =>
    Math.max(...all.map((row) => row[column]!.length))
  );
  const lines = all.map((row) =>
    row.map((cell, column) => cell.padStart(widths[column]!)).join("  ")
  );
  const html = [
    `<table><caption>${escapeMarkup(caption)}</caption>`,
    ...head ? [htmlRow(head, "th")] : [],
    ...rows.map((row) => htmlRow(row, "td")),
    "</table>",
  ];
  return {
    "text/html": html.join(""),
    "text/plain": [caption, ...lines].join("\n"),
  };
}

function htmlRow(cells: readonly string[], tag: "td" | "th"): string {
  return `<tr>${
    cells.map((cell) => `<${tag}>${escapeMarkup(cell)}</${tag}>`).join("")
  }</tr>`;
}

/**
 * Writes text so that nothing in it is markup in HTML or SVG, between tags.
 *
 * @param text The text.
 * @returns The text, with references in the place of `&`, `<` and `>`.
 */
export function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
