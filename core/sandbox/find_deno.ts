import { satisfiesRange } from "../versions/mod.ts";

/** What this process is, as far as starting Deno goes. */
export interface DenoFacts {
  /** Whether it was made by `deno compile`: starting it again starts the program, not Deno. */
  readonly isCompiled: boolean;
  /** The version of Deno in it. */
  readonly version: string;
  /** Where it lies. */
  readonly path: string;
  /** Asks the `deno` on the PATH for its version and its place, as JSON; rejects if there is none. */
  readonly ask: () => Promise<string>;
}

/**
 * Finds the Deno that sandboxes are started with: this one, or, in a program that `deno compile` made, the
 * one on the PATH, if it is no older and of the same major version.
 *
 * @param facts What this process is.
 * @returns Its path; `undefined` if there is none.
 */
export async function findDeno(
  facts: DenoFacts = systemFacts(),
): Promise<string | undefined> {
  if (!facts.isCompiled) return facts.path;
  try {
    const found: unknown = JSON.parse(await facts.ask());
    const [version, path] = Array.isArray(found) ? found : [];
    const isGood = typeof version === "string" && typeof path === "string" &&
      satisfiesRange(version, `^${facts.version}`);
    return isGood ? path : undefined;
  } catch {
    return undefined;
  }
}

function systemFacts(): DenoFacts {
  return {
    isCompiled: Deno.build.standalone,
    version: Deno.version.deno,
    path: Deno.execPath(),
    ask: async () => {
      const { stdout } = await new Deno.Command("deno", {
        args: [
          "eval",
          "--no-config",
          "--no-lock",
          "console.log(JSON.stringify([Deno.version.deno, Deno.execPath()]))",
        ],
        stdin: "null",
        stderr: "null",
      }).output();
      return new TextDecoder().decode(stdout);
    },
  };
}
