/** How many files one archive may have. */
const FILES_MAX = 10_000;
const BLOCK_BYTES = 512;

/** A file of an archive. */
export interface ArchivedFile {
  /** Its name, with the folder that npm puts around a package. */
  readonly name: string;
  /** What is in it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads the plain files of a tar archive. Links, devices and folders are left out, and nothing is
 * written anywhere; names are as they are in the archive.
 *
 * **Source.** POSIX.1-2017, pax, "ustar Interchange Format".
 *
 * @param archive The archive, from a stranger.
 * @returns The files, or what is wrong with the archive.
 */
export function readTar(
  archive: Uint8Array<ArrayBuffer>,
): readonly ArchivedFile[] | string {
  const files: ArchivedFile[] = [];
  for (let at = 0; at + BLOCK_BYTES <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK_BYTES);
    // Two empty blocks end it; one is enough to stop.
    if (header.every((byte) => byte === 0)) return files;
    const size = parseInt(textOf(header.subarray(124, 136)), 8);
    const start = at + BLOCK_BYTES;
    if (!Number.isSafeInteger(size) || size < 0) return "a file without a size";
    if (start + size > archive.length) return "a file that is cut off";
    if (files.length >= FILES_MAX) return `more than ${FILES_MAX} files`;
    const kind = header[156];
    if (kind === 0 || kind === 0x30) {
      const prefix = textOf(header.subarray(345, 500));
      const name = textOf(header.subarray(0, 100));
      files.push({
        name: prefix === "" ? name : `${prefix}/${name}`,
        bytes: archive.slice(start, start + size),
      });
    }
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return files;
}

/** The text of a field, which a zero ends. */
function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end))
    .trim();
}
