import { build, stop } from "esbuild";
import { init, parse } from "es-module-lexer";

/** The oldest Node that the package is for. */
const TARGET = "node20";

/** What `jsr:@std/*` is in this repository, and so in the package. */
const STD = /^@std\/([^/]+)(?:\/(.+))?$/;

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

/**
 * Lets a module import stand-ins.
 *
 * @param source Its source.
 * @param path Its path in the package.
 * @returns The source, whose imports of `@std` are those of files of the package.
 */
export function withStandIns(source: string, path: string): string {
  const [imports] = parse(source);
  const up = "../".repeat(path.split("/").length - 1) || "./";
  let [lowered, at] = ["", 0];
  for (const { n: specifier, s: start, e: end, d: dynamic } of imports) {
    const [, name, file = "mod"] = STD.exec(specifier ?? "") ?? [];
    if (name === undefined) continue;
    const target = `${up}vendor/std/${name}/${file}.js`;
    // The place of a dynamic import includes its quotes.
    const text = dynamic < 0 ? target : JSON.stringify(target);
    lowered += source.slice(at, start) + text;
    at = end;
  }
  return lowered + source.slice(at);
}
