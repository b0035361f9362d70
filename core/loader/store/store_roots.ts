import { fileURLToPath } from "node:url";
import { replaceFile } from "../../base/mod.ts";
import { hashText, hexOf, sha256 } from "../graph_digest.ts";

/**
 * Remembers in a folder of modules that a lockfile names some of them.
 *
 * @param folder The folder.
 * @param lockfile URL of the lockfile.
 */
export async function addRoot(folder: string, lockfile: string): Promise<void> {
  const bytes = new TextEncoder().encode(fileURLToPath(lockfile));
  const name = hexOf(hashText(await sha256(bytes)));
  const file = `${rootsIn(folder)}/${name}`;
  // It says the same for ever.
  if (await isThere(file)) return;
  await Deno.mkdir(rootsIn(folder), { recursive: true });
  await replaceFile(file, bytes);
}

/**
 * Lists the lockfiles that name modules of a folder.
 *
 * @param folder The folder.
 * @returns Their paths, sorted; those too that are not there any more.
 */
export async function readRoots(folder: string): Promise<string[]> {
  const paths: string[] = [];
  if (!await isThere(rootsIn(folder))) return paths;
  for await (const { name } of Deno.readDir(rootsIn(folder))) {
    // Others are drafts.
    if (!/^[0-9a-f]{64}$/.test(name)) continue;
    paths.push(await Deno.readTextFile(`${rootsIn(folder)}/${name}`));
  }
  return paths.sort();
}

function rootsIn(folder: string): string {
  return `${folder}/lockfiles`;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
