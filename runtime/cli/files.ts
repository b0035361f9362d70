/**
 * The files that the command line names; all that the command reads and writes itself goes through here.
 *
 * @module
 */
import { dirname, isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { replaceFile } from "../../core/base/mod.ts";
import { cliFileUnreadable } from "./errors.ts";

/**
 * Reads a file that is text.
 *
 * @param path The file.
 * @returns The text.
 * @throws {CliError} `CLI_FILE_UNREADABLE` if it cannot be read.
 */
export async function readText(path: string): Promise<string> {
  return await accessing(path, () => Deno.readTextFile(path));
}

/**
 * Reads a file.
 *
 * @param path The file.
 * @returns Its bytes.
 * @throws {CliError} `CLI_FILE_UNREADABLE` if it cannot be read.
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  return await accessing(path, () => Deno.readFile(path));
}

/**
 * Reads a file of text in pieces.
 *
 * @param path The file.
 * @returns The pieces; getting them fails with `CLI_FILE_UNREADABLE` if the file cannot be read.
 */
export async function* readChunks(path: string): AsyncGenerator<string> {
  const { readable } = await accessing(path, () => Deno.open(path));
  yield* readable.pipeThrough(new TextDecoderStream());
}

/**
 * Writes a file, completely or not at all.
 *
 * @param path The file.
 * @param text What it is to hold.
 * @throws {CliError} `CLI_FILE_UNREADABLE` if it cannot be written.
 */
export async function writeText(path: string, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  await accessing(path, () => replaceFile(path, bytes));
}

/**
 * Makes the folder of a file that is to be written, and requires that it can be: before much is done for
 * what it is to hold.
 *
 * @param path The file.
 * @throws {CliError} `CLI_FILE_UNREADABLE` if it cannot be written.
 */
export async function prepareFile(path: string): Promise<void> {
  // Beside it, where its draft will be: what is there now stays as it is.
  const trial = `${path}.${crypto.randomUUID()}.tmp`;
  const options = { write: true, createNew: true } as const;
  await accessing(path, async () => {
    const file = await Deno.open(trial, options).catch(async (error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      await Deno.mkdir(dirname(path), { recursive: true });
      return await Deno.open(trial, options);
    });
    file.close();
    await Deno.remove(trial);
  });
}

/**
 * Writes files into a folder that is made for them.
 *
 * @param folder The folder.
 * @param files What they hold, by name.
 * @throws {CliError} `CLI_FILE_UNREADABLE` if they cannot be written.
 */
export async function writeNewFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await accessing(folder, () => Deno.mkdir(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await writeText(join(folder, name), text);
  }
}

/**
 * Tells whether there is a file that may be read.
 *
 * @param path The file.
 * @returns Whether there is.
 */
export async function isThere(path: string): Promise<boolean> {
  const { state } = await Deno.permissions.query({ name: "read", path });
  if (state !== "granted") return false;
  return await Deno.stat(path).then(() => true, () => false);
}

/**
 * Names the folder that paths on the command line are relative to.
 *
 * @returns Its URL.
 */
export function workingFolderUrl(): string {
  return pathToFileURL(`${Deno.cwd()}/`).href;
}

/**
 * Finds what a config includes: a file of that name beside it.
 *
 * @param path The config.
 * @returns Gives the text of `<name>.yaml`; `undefined` if there is no such file.
 */
export function includesBeside(
  path: string,
): (name: string) => string | undefined {
  return (name) => {
    try {
      // A name has neither slashes nor colons: it stays in the folder.
      return Deno.readTextFileSync(besideFile(path, `${name}.yaml`));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  };
}

/**
 * Names a file that another one names.
 *
 * @param path The file that names it.
 * @param name How: relative to that, or absolute.
 * @returns The file.
 */
export function besideFile(path: string, name: string): string {
  return isAbsolute(name) ? name : join(dirname(path), name);
}

async function accessing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cliFileUnreadable(path, cause);
  }
}
