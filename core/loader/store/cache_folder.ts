/** What the place of a cache depends on. */
export interface CacheSurroundings {
  /** The system, as `Deno.build.os` names it. */
  readonly os: string;
  /** Reads an environment variable; `undefined` if it is not set or must not be read. */
  readonly env: (name: string) => string | undefined;
}

/**
 * Names the folder in which a system expects a program's cache.
 *
 * **Source.** XDG Base Directory Specification on Linux, `Library/Caches` on macOS, `LOCALAPPDATA` on
 * Windows.
 *
 * @param surroundings The system and its environment.
 * @returns The folder, or `undefined` if the environment does not tell.
 */
export function cacheFolder(
  { os, env }: CacheSurroundings,
): string | undefined {
  if (os === "windows") return below(env("LOCALAPPDATA"), "\\spiraltorch");
  if (os === "darwin") return below(env("HOME"), "/Library/Caches/spiraltorch");
  return below(env("XDG_CACHE_HOME"), "/spiraltorch") ??
    below(env("HOME"), "/.cache/spiraltorch");
}

/**
 * Finds this machine's folder for caches. Never prompts: a folder that this process was not granted
 * is one that is not there.
 *
 * @returns The folder, or `undefined` if there is none that may be read and written.
 */
export async function findCacheFolder(): Promise<string | undefined> {
  const readable = new Map<string, string | undefined>();
  for (const name of ["HOME", "LOCALAPPDATA", "XDG_CACHE_HOME"]) {
    const variable = { name: "env", variable: name } as const;
    const { state } = await Deno.permissions.query(variable);
    if (state === "granted") readable.set(name, Deno.env.get(name));
  }
  const { os } = Deno.build;
  const path = cacheFolder({ os, env: (name) => readable.get(name) });
  if (path === undefined) return undefined;
  for (const name of ["read", "write"] as const) {
    const { state } = await Deno.permissions.query({ name, path });
    if (state !== "granted") return undefined;
  }
  return path;
}

/** A folder in another one; a relative one, as XDG has it, is as good as none. */
function below(folder: string | undefined, rest: string): string | undefined {
  if (folder === undefined || !/^(\/|[a-z]:\\)/i.test(folder)) return undefined;
  return `${folder}${rest}`;
}
