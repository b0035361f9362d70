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
  const draft = `${path}.${Deno.pid}.tmp`;
  try {
    await Deno.writeFile(draft, bytes);
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}

/**
 * Takes the place of a file as a path.
 *
 * @param path A path, or a file URL.
 * @returns The path.
 */
export function toPath(path: string | URL): string {
  return path instanceof URL ? decodeURIComponent(path.pathname) : path;
}
