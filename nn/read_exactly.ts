/** Bytes that can be read from anywhere among them, such as a file. */
export interface ByteSource {
  /** How many there are. */
  readonly size: number;
  /**
   * Reads some of them.
   *
   * @param start The first one.
   * @param end The one after the last, at most `size`.
   * @returns Exactly those bytes.
   */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Which bytes are read, and what is said if others come. */
export interface ReadExactlyOptions {
  /** The first one. */
  readonly start: number;
  /** The one after the last. */
  readonly end: number;
  /**
   * Builds the error for other bytes.
   *
   * @param message What was found and wanted.
   * @returns The error, to be thrown.
   */
  fail(message: string): Error;
}

/**
 * Reads bytes, and holds the source to having given all of them.
 *
 * @param source Where they are.
 * @param options Which.
 * @returns The bytes.
 */
export async function readExactly(
  source: ByteSource,
  { start, end, fail }: ReadExactlyOptions,
): Promise<Uint8Array> {
  const bytes: unknown = await source.read(start, end);
  if (bytes instanceof Uint8Array && bytes.length === end - start) return bytes;
  const found = bytes instanceof Uint8Array ? `${bytes.length} bytes` : "none";
  throw fail(`Found ${found} from ${start} on, wanted ${end - start}`);
}
