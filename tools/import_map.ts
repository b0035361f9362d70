/**
 * Writes `import_map.json`, by which programs outside of this folder import the library from its sources:
 * from a folder, or from a server that serves it.
 *
 * `deno task import-map`
 *
 * @module
 */
import { LAYERS } from "./layers.ts";
import { readManifest, ROOT } from "./project_files.ts";

/** Packages that some layer of the library imports; what only examples and tests use is left out. */
const USED: ReadonlySet<string> = new Set(
  Object.entries(LAYERS).filter(([layer]) => !layer.startsWith("examples"))
    .flatMap(([, targets]) => targets),
);

/**
 * Writes the map.
 *
 * @returns Its text.
 */
export async function importMap(): Promise<string> {
  const { name, exports, imports, links } = await readManifest();
  const entries = doorsOf(name, { exports, folder: "." });
  for (const folder of links) {
    const manifest = new URL(`${folder}/deno.json`, ROOT);
    const linked = JSON.parse(await Deno.readTextFile(manifest));
    entries.push(...doorsOf(linked.name, { ...linked, folder }));
  }
  for (const [name, address] of Object.entries(imports)) {
    if (!USED.has(name) || !address.startsWith("npm:")) continue;
    entries.push([name, address]);
    entries.push([`${name}/`, `${address.replace("npm:", "npm:/")}/`]);
  }
  entries.sort(([a], [b]) => a < b ? -1 : 1);
  const map = { imports: Object.fromEntries(entries) };
  return `${JSON.stringify(map, undefined, 2)}\n`;
}

/** What can be imported of a package, and the files behind it. */
function doorsOf(
  name: string,
  { exports, folder }: {
    readonly exports: Readonly<Record<string, string>>;
    readonly folder: string;
  },
): [string, string][] {
  return Object.entries(exports).map(([door, file]) => [
    `${name}${door.slice(1)}`,
    `${folder}${file.slice(1)}`,
  ]);
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("import_map.json", ROOT), await importMap());
}
