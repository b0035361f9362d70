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

Deno.test.each([
  { entry: "core/base/mod.ts" },
  { entry: "kernels/mod.ts" },
  { entry: "ops/tensors.ts" },
])("start: $entry loads no package", ({ entry }) => {
  assertEquals(packagesOf(loadedWith(entry)), []);
});

Deno.test("start: operators load what compares their versions, and no other package", () => {
  assertEquals(packagesOf(loadedWith("ops/mod.ts")), [
    "@std/semver <- core/versions/parse_version.ts",
  ]);
});

Deno.test("start: the tour loads what it cannot do without", () => {
  // Versions and YAML are read by functions that give their answer at once.
  assertEquals(packagesOf(loadedWith("mod.ts")), [
    "@std/semver <- core/versions/parse_version.ts",
    "js-yaml <- nn/pipelines/print_config.ts",
  ]);
});

// Each file costs a fresh process about 0.1 ms. What is over a bound belongs behind the function that
// needs it, as the generators of kernels do; a bound is raised for what every program needs.
Deno.test.each([
  { entry: "ops/tensors.ts", filesMax: 110 },
  { entry: "ops/mod.ts", filesMax: 385 },
  { entry: "mod.ts", filesMax: 778 },
])("start: $entry loads at most $filesMax files", ({ entry, filesMax }) => {
  const files = [...loadedWith(entry).keys()].filter((path) =>
    path.endsWith(".ts")
  );
  assert(files.length <= filesMax, `${entry} loads ${files.length} files`);
});

Deno.test("start: tensors load no generator of kernels", () => {
  const generators = [...loadedWith("ops/mod.ts").keys()].filter((path) =>
    /^kernels\/wasm\/(?!assembler\/|lanes\/|threads\/)\w+\//.test(path)
  );
  assertEquals(generators, []);
});

Deno.test("start: tensors alone load no backend, nor what plans for one", () => {
  const computing = [...loadedWith("ops/tensors.ts").keys()].filter((path) =>
    /^(kernels|ops\/realize|ops\/autograd)\//.test(path)
  );
  assertEquals(computing, []);
});

Deno.test("start: what is loaded is seen", () => {
  const loaded = loadedWith("ops/trace/mod.ts");
  assertEquals(packagesOf(loaded), ["zod <- ops/trace/parse_trace.ts"]);
  assert(loaded.has("core/base/shape.ts"));
});
