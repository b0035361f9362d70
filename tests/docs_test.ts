// Properties of the documentation: error pages, `@throws`, links, commands.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { readErrorTables } from "../tools/error_tables.ts";
import { errorsDoc } from "../tools/errors_doc.ts";
import { importMap } from "../tools/import_map.ts";
import { pipelinesDoc } from "../tools/pipelines_doc.ts";
import { readManifest, readProject, ROOT } from "../tools/project_files.ts";
import { tableOf } from "../tools/readme_table.ts";
import { assertPage } from "./assert_page.ts";

const project = await readProject();
const manifest = await readManifest();
const pages = new Map([...project].filter(([path]) => path.endsWith(".md")));

/** The codes of every layer, with the line their pages open with. */
const codes = (await readErrorTables(project))
  .flatMap(({ codes }) => Object.entries(codes))
  .sort(([a], [b]) => a < b ? -1 : 1);

Deno.test("docs: every error code has its page, and every page a code", () => {
  const named = [...pages.keys()].flatMap((path) =>
    /^docs\/errors\/(\w+)\.md$/.exec(path)?.[1] ?? []
  );
  // Lists, not sets: two layers that share a code are a mistake too.
  assertEquals(named.sort(), codes.map(([code]) => code));
});

Deno.test("docs: an error page opens like its table and names ways out", () => {
  const broken = codes.filter(([code, opening]) => {
    const text = pages.get(`docs/errors/${code}.md`);
    if (text === undefined) return false;
    return !text.startsWith(`# ${code}\n\n${opening}\n\n`) ||
      !text.includes("\n## Ways out\n");
  });
  assertEquals(broken, []);
});

Deno.test("docs: the index of errors is that of the layers' tables", async () => {
  const text = await errorsDoc();
  await assertPage("docs/errors.md", { text, task: "docs:errors" });
});

Deno.test("docs: the types for pipelines are those that are registered", async () => {
  const page = "docs/pipelines_reference.md";
  await assertPage(page, { text: pipelinesDoc(), task: "docs:pipelines" });
});

Deno.test("docs: every code that @throws names is real", () => {
  const known = new Set(codes.map(([code]) => code));
  const broken: string[] = [];
  for (const [path, text] of project) {
    if (!path.endsWith(".ts") || path.startsWith("tests/")) continue;
    // A tag ends at the next one or with the comment.
    for (const [tag] of text.matchAll(/@throws[^@]*?(?=\n\s*\* @|\*\/)/g)) {
      for (
        const [, code] of tag.matchAll(/\b([A-Z][A-Z0-9]*(_[A-Z0-9]+)+)\b/g)
      ) {
        if (!known.has(code!)) broken.push(`${path}: ${code}`);
      }
    }
  }
  assertEquals(broken, []);
});

/** The anchors of a page, made from its headings as forges make them. */
function anchorsOf(text: string): Set<string> {
  const headings = text.matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, title]) =>
      title!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(
        " ",
        "-",
      )
    ),
  );
}

Deno.test("docs: every link to a file or a heading leads somewhere", async () => {
  const broken: string[] = [];
  for (const [path, text] of pages) {
    const prose = text.replaceAll(/^```[^]*?^```/gm, "");
    for (const [, target] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const url = new URL(target!, new URL(`./${path}`, ROOT));
      const anchor = url.hash.slice(1);
      url.hash = "";
      const found = await Deno.stat(url).catch(() => undefined);
      const page = pages.get(url.href.slice(ROOT.href.length));
      if (!found || anchor && !(page && anchorsOf(page).has(anchor))) {
        broken.push(`${path} -> ${target}`);
      }
    }
  }
  assertEquals(broken, []);
});

Deno.test("docs: every file that the architecture names exists", async () => {
  const page = await Deno.readTextFile(new URL("docs/architecture.md", ROOT));
  const named = [...page.matchAll(/`([a-z_]+\/[a-z_/]+(?:\.ts|\/))`/g)]
    .map(([, path]) => path!);
  assert(named.length > 20);
  for (const path of named) {
    const { isFile, isDirectory } = await Deno.stat(new URL(path, ROOT));
    assertEquals([path, isFile || isDirectory], [path, true]);
  }
});

Deno.test("docs: every task that a page names exists", () => {
  const broken = [...pages].flatMap(([path, text]) =>
    [...text.matchAll(/\bdeno(?:@[\d.]+)? task ([a-z][a-z:]*)/g)]
      .filter(([, task]) => !Object.hasOwn(manifest.tasks, task!))
      .map(([, task]) => `${path}: ${task}`)
  );
  assertEquals(broken, []);
});

Deno.test("docs: one version of Deno is named everywhere", () => {
  const versions = new Set<string>();
  for (const [path, text] of project) {
    if (path.startsWith("tests/")) continue;
    for (const [, version] of text.matchAll(/\bdeno@([\w.]+)/g)) {
      versions.add(version!);
    }
  }
  assertEquals(versions.size, 1, [...versions].join(", "));
});

Deno.test("docs: the readme has the two commands that do their own set-up", () => {
  const readme = pages.get("README.md") ?? "";
  for (const task of ["demo", "test"]) {
    assertMatch(readme, new RegExp(`npx -y deno@[\\d.]+ task ${task}\\b`));
  }
});

Deno.test("docs: the readme's table says what was measured", () => {
  const [readme, measured] = ["README.md", "docs/performance.md"].map((path) =>
    pages.get(path)!
  ) as [string, string];
  const wanted = tableOf(measured, "bench");
  assert(wanted.every((row) => row.length > 2));
  assertEquals(
    tableOf(readme, "performance"),
    wanted,
    "run `deno task docs:readme`",
  );
});

Deno.test("docs: the import map names every export and package", async () => {
  const text = await importMap();
  await assertPage("import_map.json", { text, task: "import-map" });
});

Deno.test.each([{ task: "lint" }, { task: "docs:api" }])(
  "docs: the task $task covers every export",
  ({ task }) => {
    const named = manifest.tasks[task]!.command.split(" ");
    const missing = Object.values(manifest.exports).filter((path) =>
      !named.includes(path.replace("./", ""))
    );
    assertEquals(missing, []);
  },
);

Deno.test("docs: the project names no place of the machine it was made on", () => {
  const places = new RegExp(
    ["(^|[^\\w./-])/(home|root|Users|work)/\\w", "registry\\.npmjs"].join("|"),
    "m",
  );
  const broken = [...project]
    .filter(([path]) => !path.startsWith("tests/"))
    // The one place where the registry that everybody knows is named.
    .filter(([path]) => path !== "core/loader/registries/registries.ts")
    .filter(([, text]) => places.test(text));
  assertEquals(broken.map(([path]) => path), []);
  assert(places.test("see /home/anna/notes"));
});
