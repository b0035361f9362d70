import { describeFailure } from "../events/describe_failure.ts";
import { recorderWriteFailed } from "./errors.ts";

/** Where lines of text go. */
export interface LineSink extends AsyncDisposable {
  /** What it is called in messages. */
  readonly name: string;
  /**
   * Writes text that ends with a line.
   *
   * @param text The text.
   */
  write(text: string): Promise<void>;
}

/** How a file is opened. */
export interface LineFileOptions {
  /** Whether what is in it stays. */
  readonly append: boolean;
}

const TEXT = new TextEncoder();

/**
 * Opens a file for lines of text.
 *
 * @param path The file; it is made if it is not there.
 * @param options Whether what is in it stays.
 * @returns The file, for the caller to dispose.
 * @throws {PluginError} `RECORDER_WRITE_FAILED` if it cannot be opened.
 */
export async function openLineFile(
  path: string | URL,
  { append }: LineFileOptions,
): Promise<LineSink> {
  const name = String(path);
  const file = await attempt(
    name,
    () =>
      Deno.open(path, {
        write: true,
        create: true,
        append,
        truncate: !append,
      }),
  );
  return {
    name,
    async write(text) {
      let rest = TEXT.encode(text);
      while (rest.length > 0) rest = rest.subarray(await file.write(rest));
    },
    [Symbol.asyncDispose]() {
      file.close();
      return Promise.resolve();
    },
  };
}

/**
 * Writes a file of lines.
 *
 * @param path The file; what was in it is gone.
 * @param lines The lines.
 * @throws {PluginError} `RECORDER_WRITE_FAILED` if it cannot be written.
 */
export async function writeLineFile(
  path: string | URL,
  lines: readonly string[],
): Promise<void> {
  const text = lines.map((line) => `${line}\n`).join("");
  await attempt(String(path), () => Deno.writeTextFile(path, text));
}

async function attempt<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { message } = describeFailure(cause, "");
    throw recorderWriteFailed(name, message, { cause });
  }
}
