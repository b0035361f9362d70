// Control characters, bidirectional overrides and isolates, zero-width characters, line and
// paragraph separators, and lone surrogates.
const UNPRINTABLE =
  // deno-lint-ignore no-control-regex -- they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

// Marks beyond four on one character: they cover the lines above and below.
const FLOOD = /(?<=\p{M}{4})\p{M}+/gu;

/**
 * Removes from foreign text what could imitate or reorder the text around it, and clips it.
 *
 * @example A plugin's name with an escape sequence in it
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { printable } from "@spiraltorch/spiraltorch/base";
 *
 * assertEquals(printable("good\u001b[2Kbad"), "good[2Kbad");
 * ```
 *
 * @param text Text from a plugin, a config or the network.
 * @param lengthMax Longest result, in UTF-16 code units.
 * @returns The text without control, bidirectional, zero-width and unpaired characters, and with at most
 * four marks on a character.
 */
export function printable(text: string, lengthMax = 1024): string {
  const clean = text.slice(0, 2 * lengthMax)
    .replace(UNPRINTABLE, "").replace(FLOOD, "");
  if (clean.length <= lengthMax) return clean;
  // A pair of surrogates is one character: half of it must not stay.
  const clipped = clean.slice(0, lengthMax - 1).replace(/[\ud800-\udbff]$/, "");
  return `${clipped}…`;
}

/**
 * Makes foreign text one line that may stand beside others: printable, white space as one space,
 * clipped. Markup stays as it is; whoever writes a page escapes it.
 *
 * @example A description that goes on below
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { printableLine } from "@spiraltorch/spiraltorch/base";
 *
 * assertEquals(printableLine("Adds.\n\nplugin: trusted\u001b[2K"), "Adds. plugin: trusted[2K");
 * ```
 *
 * @param text Text from a plugin, a config or the network.
 * @param lengthMax Longest result, in UTF-16 code units.
 * @returns The line.
 */
export function printableLine(text: string, lengthMax = 200): string {
  return printable(text.replace(/\s+/g, " ").trim(), lengthMax);
}

/**
 * Tells whether text has none of the characters that {@linkcode printable} removes.
 *
 * @param text The text.
 * @returns Whether it can be shown as it is.
 */
export function isPrintable(text: string): boolean {
  return text.search(UNPRINTABLE) === -1 && text.search(FLOOD) === -1;
}
