/**
 * Writes text to a file, in the place of what was there.
 *
 * @param path Where.
 * @param text The text.
 */
export async function writeTraceFile(
  path: string | URL,
  text: string,
): Promise<void> {
  await Deno.writeTextFile(path, text);
}
