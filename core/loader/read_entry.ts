/**
 * Reads the entry of an inline plugin, which tells one form of it from another.
 *
 * @param url Where it is.
 * @returns Its text.
 */
export async function readEntry(url: string): Promise<string> {
  return await Deno.readTextFile(new URL(url));
}
