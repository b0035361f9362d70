import type { ByteSource } from "../nn/mod.ts";
import { checkpointUnreadable, RuntimeError } from "./errors.ts";

/**
 * Opens a file whose bytes are read from anywhere.
 *
 * @param path The file.
 * @returns Its bytes, for the caller to dispose; reading throws `CHECKPOINT_UNREADABLE` if it fails.
 * @throws {RuntimeError} `CHECKPOINT_UNREADABLE` if it cannot be opened.
 */
export async function openBytes(
  path: string,
): Promise<ByteSource & AsyncDisposable> {
  const file = await attempt(path, () => Deno.open(path));
  try {
    const { size, isFile } = await attempt(path, () => file.stat());
    if (!isFile) throw checkpointUnreadable(path, "something that is no file");
    return new FileBytes(file, { path, size });
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The bytes of a file. Readers wait for each other, since a file has one place at which it is read. */
class FileBytes implements ByteSource, AsyncDisposable {
  readonly size: number;
  readonly #path: string;
  readonly #file: Deno.FsFile;
  /** The reading that was asked for last. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    file: Deno.FsFile,
    { path, size }: { readonly path: string; readonly size: number },
  ) {
    this.#file = file;
    this.#path = path;
    this.size = size;
  }

  read(start: number, end: number): Promise<Uint8Array> {
    const reading = this.#last.then(() =>
      attempt(this.#path, () => this.#read(start, end))
    );
    this.#last = reading.catch(() => undefined);
    return reading;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    this.#file.close();
  }

  async #read(start: number, end: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(end - start);
    await this.#file.seek(start, Deno.SeekMode.Start);
    for (let read = 0; read < bytes.length;) {
      const more = await this.#file.read(bytes.subarray(read));
      if (more === null) {
        throw checkpointUnreadable(this.#path, "fewer bytes than before");
      }
      read += more;
    }
    return bytes;
  }
}

async function attempt<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof RuntimeError) throw error;
    throw checkpointUnreadable(path, error);
  }
}
