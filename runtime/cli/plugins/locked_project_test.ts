// A lockfile that no plugin had to run for: what the tests of commands that only read it share.

import { type LockedPlugin, Lockfile } from "../../../core/tools.ts";
import { type Ran, runSpiral } from "../fake_io_test.ts";

const HASH = `sha256-${"A".repeat(43)}=`;

/** What a lockfile says of a plugin. */
export function lockedPlugin(
  version: string,
  rest: Partial<LockedPlugin> = {},
): LockedPlugin {
  return {
    version,
    dependencies: {},
    optionalDependencies: {},
    provides: {},
    capabilities: [],
    ...rest,
  };
}

/** Locks plugins of which nothing can be fetched, each at a place of its own. */
export async function withProject(
  plugins: Readonly<Record<string, LockedPlugin>>,
  use: (run: (line: string) => Promise<Ran>, file: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/spiral.lock`;
  try {
    const lockfile = new Lockfile(file, { frozen: false });
    const entries = Object.entries(plugins).map(([id, plugin]) => {
      const url = `https://nowhere.invalid/${id}.ts`;
      return [url, {
        digest: HASH,
        modules: new Map([[url, { hash: HASH, isTypeScript: true }]]),
        redirects: new Map(),
        plugins: new Map([[id, plugin]]),
        grants: [],
      }] as const;
    });
    await lockfile.update(new Map(entries));
    await use((line) => {
      const [command = "", ...rest] = line.split(" ");
      return runSpiral(["plugin", command, ...rest, "--lock", file]);
    }, file);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
