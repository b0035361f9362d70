/**
 * Replaces what a bench wrote into a page.
 *
 * @param page The page.
 * @param part Which marks, and what to put between them.
 * @returns The page with it.
 */
export function replaceMarked(
  page: string,
  { name, content }: { readonly name: string; readonly content: string },
): string {
  const begin = `<!-- ${name}:begin -->`;
  const end = `<!-- ${name}:end -->`;
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) {
    throw new TypeError(
      `Cannot write to the page: wanted ${begin} and ${end} in it`,
    );
  }
  return `${before}${begin}\n\n${content}\n\n${end}${after}`;
}
