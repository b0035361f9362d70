// Properties of the source itself: layers, cycles, dead files, sizes.

import { assertEquals } from "@std/assert";
import { findCycles } from "../core/resolve/find_cycles.ts";
import { dependenciesOf, type Dependency } from "../tools/imports.ts";
import {
  EDGES,
  forbiddenImport,
  layerOf,
  LAYERS,
  resolveImport,
} from "../tools/layers.ts";
import { isSource, readManifest, readProject } from "../tools/project_files.ts";

/** Above this many lines a file must be one idea that is better read in one piece. */
const LINES_MAX = 400;

/** Files that are, with the reason. */
const LONG_FILES: Readonly<Record<string, string>> = {
  "kernels/convolution_agreement_test.ts":
    "one way to draw convolutions, and a row for each kind of code",
  "kernels/large_agreement_test.ts": "one table, a row for each kind of code",
  "kernels/wasm/threads/thread_agreement_test.ts":
    "one table, a row for each kind of code",
  "mod.ts": "a list of names, one a line",
  "nn/mod.ts": "a list of names, one a line",
  "ops/mod.ts": "a list of names, one a line",
  "ops/tensor.ts": "one class, whose methods are one line each",
  "runtime/guest_sources.ts": "a generated list",
};

const project = await readProject();
const manifest = await readManifest();
const sources = new Map([...project].filter(([path]) => isSource(path)));
const dependencies = new Map<string, Dependency[]>(
  [...sources].map(([path, text]) => [path, dependenciesOf(path, text)]),
);

function filesNamedBy(path: string): string[] {
  return dependencies.get(path)?.map(({ specifier }) =>
    resolveImport(path, specifier)
  ) ?? [];
}

Deno.test("tidy: the layer table has no cycle", () => {
  assertEquals(findCycles(new Map(Object.entries(LAYERS))), []);
});

Deno.test("tidy: every row of the layer table and every edge exists", () => {
  const rows = [...Object.keys(LAYERS), ...EDGES];
  const missing = rows.filter((row) => {
    const folder = row.endsWith("/") ? row : `${row}/`;
    return !sources.has(row) &&
      ![...sources.keys()].some((path) => path.startsWith(folder));
  });
  assertEquals(missing, []);
});

Deno.test("tidy: every source file belongs to a layer", () => {
  const strays = [...sources.keys()].filter((path) => !layerOf(path));
  assertEquals(strays, []);
});

Deno.test("tidy: every import goes down a layer", () => {
  const broken = [...dependencies].flatMap(([path, list]) =>
    list.flatMap(({ specifier }) => forbiddenImport(path, specifier) ?? [])
  );
  assertEquals(broken, []);
});

Deno.test("tidy: every import of a file finds it", () => {
  const broken = [...sources.keys()].flatMap((path) =>
    filesNamedBy(path)
      .filter((file) => file.endsWith(".ts") && !file.includes(":"))
      .filter((file) => !sources.has(file))
      .map((file) => `${path} -> ${file}`)
  );
  assertEquals(broken, []);
});

Deno.test("tidy: no file imports itself through others", () => {
  const graph = new Map(
    [...dependencies].map(([path, list]) => [
      path,
      list.filter(({ kind }) => kind === "code")
        .map(({ specifier }) => resolveImport(path, specifier)),
    ]),
  );
  assertEquals(findCycles(graph), []);
});

Deno.test("tidy: every file is reachable from an entry", () => {
  const entries = Object.values(manifest.exports)
    .map((path) => path.replace("./", ""));
  const examples = [...sources.keys()]
    .filter((path) => path.startsWith("examples/"));
  const reached = new Set<string>();
  function visit(path: string): void {
    if (reached.has(path) || !sources.has(path)) return;
    reached.add(path);
    filesNamedBy(path).forEach(visit);
  }
  [...entries, ...examples].forEach(visit);
  const dead = [...sources.keys()].filter((path) => !reached.has(path));
  assertEquals(dead, []);
});

Deno.test("tidy: a long file is long for a reason", () => {
  const long = [...project].filter(([path, text]) =>
    path.endsWith(".ts") && text.split("\n").length > LINES_MAX
  );
  assertEquals(long.map(([path]) => path), Object.keys(LONG_FILES).sort());
});

Deno.test("tidy: every file and folder is named in snake case", () => {
  const odd = [...project.keys()].filter((path) => {
    if (!path.endsWith(".ts")) return false;
    return !/^([a-z0-9_]+\/)*[a-z0-9_]+\.ts$/.test(path);
  });
  assertEquals(odd, []);
});
