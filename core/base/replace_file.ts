/**
 * Writes a file that appears complete or not at all.
 *
 * @param path The file.
 * @param bytes What it is to hold.
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  // Two writers of one file must not share a draft.
  const draft = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.writeFile(draft, bytes);
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}
