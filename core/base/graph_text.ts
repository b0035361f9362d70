import { printable } from "./printable.ts";

/**
 * Puts text into quotes, as DOT wants it.
 *
 * @param text Foreign text.
 * @returns The text with its quotes.
 */
export function dotText(text: string): string {
  const escaped = printable(text).replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"');
  return `"${escaped}"`;
}

/** What means something inside a quoted Mermaid label. */
const MERMAID_MARKS = /["#&<>`\\[\](){}|]/g;

/**
 * Writes text so that Mermaid takes all of it for text.
 *
 * @param text Foreign text.
 * @returns The text, to be put between quotes.
 */
export function mermaidText(text: string): string {
  return printable(text).replace(
    MERMAID_MARKS,
    (mark) => `#${mark.charCodeAt(0)};`,
  );
}
