/**
 * Makes the package for Node: what `deno pack` makes, without syntax and globals that Node 20 does not
 * know. It is written to `out/npm/`, or where the first argument says.
 *
 * `deno task npm:pack [FILE]`
 *
 * @module
 */
import { ROOT } from "../project_files.ts";
import { lowerModules } from "./lower.ts";
import {
  manifestForNode,
  type NpmManifest,
  POLYFILLS,
} from "./npm_manifest.ts";

/** Where it is written. */
const TARGET = "out/npm/spiraltorch.tgz";

async function run(
  command: string,
  args: readonly string[],
  cwd: string | URL = ROOT,
): Promise<void> {
  const { code, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    stdout: "null",
  }).output();
  if (code === 0) return;
  const words = new TextDecoder().decode(stderr);
  throw new Error(`Cannot run ${command}: it ended with ${code}\n${words}`);
}

/**
 * Makes the package.
 *
 * @param target Path of the archive.
 */
export async function packForNode(target: string): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const packed = `${folder}/packed.tgz`;
    const flags = ["--quiet", "--allow-dirty", "--no-source-maps"];
    await run(Deno.execPath(), ["pack", ...flags, "--output", packed]);
    await run("tar", ["-xzf", packed, "-C", folder]);
    const root = `${folder}/package/`;
    await lowerModules(root);
    await Deno.writeTextFile(`${root}polyfills.js`, POLYFILLS);
    const text = await Deno.readTextFile(`${root}package.json`);
    const manifest = manifestForNode<NpmManifest>(JSON.parse(text));
    await Deno.writeTextFile(
      `${root}package.json`,
      JSON.stringify(manifest, null, 2),
    );
    for (const { default: door } of Object.values(manifest.exports)) {
      await loadFirst(root + door.slice("./".length), {
        up: "../".repeat(door.split("/").length - 2) || "./",
      });
    }
    await Deno.mkdir(new URL(".", new URL(target, ROOT)), { recursive: true });
    const archive = new URL(target, ROOT).pathname;
    await run("tar", ["-czf", archive, "-C", folder, "package"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Lets a door load what is missing before anything else. */
async function loadFirst(
  path: string,
  { up }: { readonly up: string },
): Promise<void> {
  const source = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, `import "${up}polyfills.js";\n${source}`);
}

if (import.meta.main) await packForNode(Deno.args[0] ?? TARGET);
