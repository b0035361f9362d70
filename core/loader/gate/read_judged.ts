import { gateFailed } from "./errors.ts";
import type { GateJudge } from "./gate_judge.ts";

/** How a file is read. */
export interface ReadJudgedOptions {
  /** Holds paths against what was granted. */
  readonly judge: GateJudge;
  /** How large it may be, in bytes. */
  readonly bytesMax: number;
}

/**
 * Reads a file for a plugin. Links are followed, and where they lead has to be granted too: what is read
 * is the file that was opened, if that is still the one at the place that was judged.
 *
 * @param path Its path.
 * @param options What it is held against.
 * @returns Its bytes.
 * @throws {PluginError} `GATE_DENIED`, `GATE_FAILED`.
 */
export async function readJudged(
  path: string,
  { judge, bytesMax }: ReadJudgedOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { text } = judge.require("files", path);
  const name = `files ${text}`;
  try {
    const real = await Deno.realPath(text);
    judge.require("files", real);
    using file = await Deno.open(real);
    const opened = await file.stat();
    const found = await Deno.lstat(await Deno.realPath(text));
    const isSame = opened.ino === found.ino && opened.dev === found.dev;
    if (!isSame) throw gateFailed(name, "another file in its place by now");
    if (!opened.isFile) throw gateFailed(name, "no file");
    return await readAtMost(file, { name, bytesMax });
  } catch (error) {
    const reason = reasonOf(error);
    throw reason === undefined ? error : gateFailed(name, reason);
  }
}

async function readAtMost(
  file: Deno.FsFile,
  { name, bytesMax }: { readonly name: string; readonly bytesMax: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of file.readable) {
    length += chunk.length;
    if (length > bytesMax) {
      throw gateFailed(name, `more than ${bytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** What the system said, if it did. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof Deno.errors.NotFound) return "nothing there";
  const isSystem = error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotCapable ||
    error instanceof Deno.errors.FilesystemLoop ||
    error instanceof Deno.errors.IsADirectory;
  return isSystem ? error.message : undefined;
}
