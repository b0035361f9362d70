/**
 * Writes `docs/errors.md`: every error code with the line that its page opens with.
 *
 * `deno task docs:errors`
 *
 * @module
 */
import { readErrorTables } from "./error_tables.ts";
import { readProject, ROOT } from "./project_files.ts";

/** What the tables are about, by file, in the order of the page. */
const TITLES: Readonly<Record<string, string>> = {
  "core/base/errors.ts": "Arguments, shapes and dtypes",
  "ops/errors.ts": "Tensors and operators",
  "kernels/ir/errors.ts": "Backends",
  "kernels/wasm/errors.ts": "The Wasm backend",
  "kernels/webgpu/errors.ts": "The WebGPU backend",
  "nn/errors.ts": "Modules, pipelines, data and training",
  "nn/zspace/errors.ts": "ZSpace",
  "core/errors.ts": "Plugins: coming and going",
  "core/resolve/errors.ts": "Plugins: versions and dependencies",
  "core/plugin/errors.ts": "Plugins: settings and services",
  "core/plugin/reload/errors.ts": "Plugins: reload",
  "core/events/errors.ts": "Plugins: events",
  "core/recorder/errors.ts": "Plugins: records of events",
  "core/loader/errors.ts": "Plugins: loading",
  "core/loader/index/errors.ts": "Plugins: signed indexes",
  "core/sandbox/errors.ts": "Plugins: sandboxes",
  "runtime/guest/errors.ts": "Plugins: inside a sandbox",
  "runtime/errors.ts": "Ecosystems and files",
  "runtime/cli/errors.ts": "The command line",
};

const INTRODUCTION = `# Errors

Made by \`deno task docs:errors\` from the tables of the layers. Every failure that a program may branch on
has a code, which does not change; messages may. Each page says what happened, why, and the ways out.

\`\`\`ts
import { assertEquals } from "@std/assert";
import { isCoded, tensor } from "@spiraltorch/spiraltorch";

try {
  tensor([1, 2]).add(tensor([1, 2, 3]));
} catch (error) {
  if (!isCoded(error)) throw error;
  assertEquals(error.code, "SHAPE_MISMATCH");
}
\`\`\`
`;

/**
 * Writes the page.
 *
 * @returns Its text.
 */
export async function errorsDoc(): Promise<string> {
  const tables = await readErrorTables(await readProject());
  const places = Object.keys(TITLES);
  const sections = tables.toSorted((a, b) =>
    places.indexOf(a.path) - places.indexOf(b.path)
  ).map(({ path, codes }) => {
    // A table that has no title yet comes first, under the folder that it lies in.
    const title = TITLES[path] ?? path.replace("/errors.ts", "");
    const rows = Object.entries(codes).sort(([a], [b]) => a < b ? -1 : 1)
      .map(([code, line]) => `| [${code}](errors/${code}.md) | ${line} |`);
    return [`## ${title}`, "", "| code | what happened |", "| --- | --- |"]
      .concat(rows, "").join("\n");
  });
  return [INTRODUCTION, ...sections].join("\n");
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("docs/errors.md", ROOT), await errorsDoc());
}
