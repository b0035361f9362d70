// What a program loads before its first line runs: whoever only computes waits for no parser.

import { assert, assertEquals } from "@std/assert";
import { dependenciesOf } from "../tools/imports.ts";
import { resolveImport } from "../tools/layers.ts";
import { isSource, readProject } from "../tools/project_files.ts";

const project = await readProject();

/** Files and packages that are loaded with a file, and who asked for each first. */
function loadedWith(entry: string): Map<string, string> {
  const loaded = new Map<string, string>([[entry, ""]]);
  // Grows while it is walked.
  for (const path of loaded.keys()) {
    const source = isSource(path) ? project.get(path) : undefined;
    if (source === undefined) continue;
    for (const { specifier, loads } of dependenciesOf(path, source)) {
      const target = resolveImport(path, specifier);
      if (loads === "start" && !loaded.has(target)) loaded.set(target, path);
    }
  }
  return loaded;
}

/** Packages, as `name <- file`. */
function packagesOf(loaded: ReadonlyMap<string, string>): string[] {
  return [...loaded].filter(([path]) => !path.endsWith(".ts"))
    .map(([path, by]) => `${path} <- ${by}`).sort();
}

Deno.test.each(["core/base", "kernels", "ops"].map((folder) => ({ folder })))(
  "start: $folder loads no package",
  ({ folder }) => {
    assertEquals(packagesOf(loadedWith(`${folder}/mod.ts`)), []);
  },
);

Deno.test("start: the tour loads what it cannot do without", () => {
  // Versions and YAML are read by functions that give their answer at once.
  assertEquals(packagesOf(loadedWith("mod.ts")), [
    "@std/semver <- core/resolve/parse_version.ts",
    "@std/yaml <- nn/pipelines/read_text.ts",
  ]);
});

Deno.test("start: what is loaded is seen", () => {
  const loaded = loadedWith("ops/trace/mod.ts");
  assertEquals(packagesOf(loaded), ["zod <- ops/trace/parse_trace.ts"]);
  assert(loaded.has("core/base/shape.ts"));
});
