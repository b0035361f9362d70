import { build, stop } from "esbuild";
import { init } from "es-module-lexer";
import { withStandIns } from "./with_stand_ins.ts";

/** The oldest Node that the package is for. */
const TARGET = "node20";

/**
 * Writes the modules of a folder for Node: without syntax that it does not know, and with the stand-ins
 * that lie in `vendor/` in place of packages that npm does not have.
 *
 * @param folder The folder, which ends with a slash.
 */
export async function lowerModules(folder: string): Promise<void> {
  const paths = await modulesOf(folder);
  try {
    await build({
      entryPoints: paths.map((path) => folder + path),
      outdir: folder,
      outbase: folder,
      allowOverwrite: true,
      format: "esm",
      target: TARGET,
      logLevel: "warning",
    });
  } finally {
    await stop();
  }
  await init;
  for (const path of paths) {
    const source = await Deno.readTextFile(folder + path);
    const lowered = withStandIns(source, path);
    if (lowered !== source) await Deno.writeTextFile(folder + path, lowered);
  }
}

/** Paths of all modules in a folder, relative to it. */
async function modulesOf(folder: string, path = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder + path)) {
    if (isDirectory) {
      found.push(...await modulesOf(folder, `${path}${name}/`));
    } else if (name.endsWith(".js")) found.push(path + name);
  }
  return found.sort();
}
