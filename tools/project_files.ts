/**
 * The texts of this project, for the tests that read it as data.
 *
 * @module
 */
import { isTest, layerOf } from "./layers.ts";

/** The folder that holds `deno.json`. */
export const ROOT: URL = new URL("../", import.meta.url);

/** What is written by others or by machines. */
const NOT_OURS: ReadonlySet<string> = new Set([
  ".git",
  "coverage",
  "deno.lock",
  "node_modules",
  "vendor",
]);

/** What people write: sources, pages, data and the script that starts it all. */
const TEXT = /\.(js|json|md|ts|yaml)$|^\.ci\/run$|^LICENSE$/;

/**
 * Reads every text file of the project.
 *
 * @returns The texts by path, relative to the root, in the order of their paths.
 */
export async function readProject(): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  async function collect(folder: string): Promise<void> {
    const entries = await Array.fromAsync(
      Deno.readDir(new URL(`./${folder}`, ROOT)),
    );
    entries.sort((a, b) => a.name < b.name ? -1 : 1);
    for (const { name, isDirectory } of entries) {
      const path = folder + name;
      if (NOT_OURS.has(path)) continue;
      if (isDirectory) await collect(`${path}/`);
      else if (TEXT.test(path)) {
        texts.set(path, await Deno.readTextFile(new URL(`./${path}`, ROOT)));
      }
    }
  }
  await collect("");
  return texts;
}

/**
 * Tells whether a file is source of the library or of an example.
 *
 * @param path The path of the file, relative to the root.
 * @returns `false` for tests, benches, tools and everything that is not TypeScript.
 */
export function isSource(path: string): boolean {
  return path.endsWith(".ts") && !isTest(path) &&
    (layerOf(path) !== undefined || !/^(bench|docs|tests|tools)\//.test(path));
}

/** The parts of `deno.json` that tests compare with the tree. */
export interface Manifest {
  /** What the package is called. */
  readonly name: string;
  /** What users can import, and the file behind it. */
  readonly exports: Readonly<Record<string, string>>;
  /** Where packages come from. */
  readonly imports: Readonly<Record<string, string>>;
  /** Folders that stand in for packages. */
  readonly links: readonly string[];
  /** What `deno task` runs. */
  readonly tasks: Readonly<Record<string, { readonly command: string }>>;
}

/**
 * Reads the manifest.
 *
 * @returns What `deno.json` says.
 */
export async function readManifest(): Promise<Manifest> {
  return JSON.parse(await Deno.readTextFile(new URL("./deno.json", ROOT)));
}
