import type { Resource } from "./resource.ts";

/** How many files and folders are looked at before a folder is called too large. */
const ENTRIES_MAX = 10_000;

/**
 * Finds out why a flag for a path would open more than it says. Deno compares paths and then follows
 * links, so a link below a granted folder leads out of it.
 *
 * @param resource A file or folder that is to be granted.
 * @returns What is wrong, naming the link; `undefined` if the flag says exactly it.
 */
export async function inexactGrant(
  { text }: Resource,
): Promise<string | undefined> {
  try {
    if (await Deno.realPath(text) !== text) return `"${text}" is behind a link`;
    const { isDirectory } = await Deno.lstat(text);
    return isDirectory ? await findLink(text) : undefined;
  } catch (error) {
    // Nothing there yet: what will be there is made by the plugin, which cannot make links.
    if (error instanceof Deno.errors.NotFound) return await parentLink(text);
    const reason = error instanceof Error ? error.message : String(error);
    return `"${text}" cannot be looked at: ${reason}`;
  }
}

/** Looks at the folder that a file would be made in. */
async function parentLink(text: string): Promise<string | undefined> {
  const parent = text.slice(0, text.lastIndexOf("/")) || "/";
  const real = await Deno.realPath(parent).catch(() => undefined);
  return real === parent ? undefined : `"${parent}" is behind a link or absent`;
}

/** Walks a folder until it finds a link. */
async function findLink(root: string): Promise<string | undefined> {
  const folders = [root];
  let seen = 0;
  // Grows while it is walked.
  for (const folder of folders) {
    for await (const { name, isSymlink, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (isSymlink) return `"${path}" is a link`;
      if (isDirectory) folders.push(path);
      if (++seen > ENTRIES_MAX) {
        return `"${root}" has more than ${ENTRIES_MAX} entries to look at`;
      }
    }
  }
  return undefined;
}
