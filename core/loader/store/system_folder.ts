/** What a program keeps in a folder: what it can get again, or what it must not forget. */
export type FolderUse = "cache" | "state";

/** What the place of a folder depends on. */
export interface FolderSurroundings {
  /** The system, as `Deno.build.os` names it. */
  readonly os: string;
  /** Reads an environment variable; `undefined` if it is not set or must not be read. */
  readonly env: (name: string) => string | undefined;
}

/** Where a folder is: below a variable of its own, else below the home folder. */
interface FolderPlace {
  readonly variable: string;
  readonly belowHome: string;
}

const PLACES: Readonly<
  Record<FolderUse, { readonly xdg: FolderPlace; readonly macos: string }>
> = {
  cache: {
    xdg: { variable: "XDG_CACHE_HOME", belowHome: "/.cache" },
    macos: "/Library/Caches",
  },
  state: {
    xdg: { variable: "XDG_STATE_HOME", belowHome: "/.local/state" },
    macos: "/Library/Application Support",
  },
};

/** The variables that may say where a folder is. */
const VARIABLES = ["HOME", "LOCALAPPDATA", "XDG_CACHE_HOME", "XDG_STATE_HOME"];

/**
 * Names the folder in which a system expects what a program keeps.
 *
 * **Source.** XDG Base Directory Specification on Linux, `Library` on macOS, `LOCALAPPDATA` on Windows.
 *
 * @param use What is kept there.
 * @param surroundings The system and its environment.
 * @returns The folder, or `undefined` if the environment does not tell.
 */
export function systemFolder(
  use: FolderUse,
  { os, env }: FolderSurroundings,
): string | undefined {
  const { xdg, macos } = PLACES[use];
  if (os === "windows") return below(env("LOCALAPPDATA"), "\\spiraltorch");
  if (os === "darwin") return below(env("HOME"), `${macos}/spiraltorch`);
  return below(env(xdg.variable), "/spiraltorch") ??
    below(env("HOME"), `${xdg.belowHome}/spiraltorch`);
}

/**
 * Finds this machine's folder for what a program keeps. Never prompts: a folder that this process was
 * not granted is one that is not there.
 *
 * @param use What is kept there.
 * @returns The folder, or `undefined` if there is none that may be read and written.
 */
export async function findSystemFolder(
  use: FolderUse,
): Promise<string | undefined> {
  const readable = new Map<string, string | undefined>();
  for (const name of VARIABLES) {
    const variable = { name: "env", variable: name } as const;
    const { state } = await Deno.permissions.query(variable);
    if (state === "granted") readable.set(name, Deno.env.get(name));
  }
  const { os } = Deno.build;
  const path = systemFolder(use, { os, env: (name) => readable.get(name) });
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
