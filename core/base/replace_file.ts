/** Options of {@linkcode replaceFile}. */
export interface ReplaceFileOptions {
  /** The file that is written first; one of a name that nobody else has if left out. */
  readonly draft?: string;
  /**
   * Whether the bytes are on the disk before the name is theirs, so that not even a power cut leaves an
   * incomplete file.
   *
   * @default {false}
   */
  readonly sync?: boolean;
}

/**
 * Writes a file that appears complete or not at all, even if the process ends meanwhile.
 *
 * @param path The file.
 * @param bytes What it is to hold.
 * @param options What is written first, and how safely.
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
  // Two writers of one file must not share a draft.
  { draft = `${path}.${crypto.randomUUID()}.tmp`, sync = false }:
    ReplaceFileOptions = {},
): Promise<void> {
  try {
    using file = await Deno.open(draft, {
      write: true,
      create: true,
      truncate: true,
    });
    for (let at = 0; at < bytes.length;) {
      at += await file.write(bytes.subarray(at));
    }
    if (sync) await file.syncData();
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}
