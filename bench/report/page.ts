const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

/**
 * Replaces what a bench wrote into a page.
 *
 * @param page The page.
 * @param content What to put between the marks.
 * @returns The page with it.
 */
export function replaceMarked(page: string, content: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) {
    throw new TypeError(
      `Cannot write to the page: wanted ${BEGIN} and ${END} in it`,
    );
  }
  return `${before}${BEGIN}\n\n${content}\n\n${END}${after}`;
}
