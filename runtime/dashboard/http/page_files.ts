/**
 * What the browser is given: the page's own modules, with their types stripped, and the packages that it
 * draws with. All are literal text imports, so they are part of the library wherever it was loaded from,
 * need no permission, and come from no other server.
 *
 * @module
 */
import { init, parse } from "es-module-lexer";
import { stripTypeScriptTypes } from "node:module";

/** A file as text. */
type TextModule = Promise<{ readonly default: string }>;

/** What the browser gets for a path. */
export interface PageFile {
  /** Its media type. */
  readonly type: string;
  /** Its text. */
  readonly text: string;
}

/** Modules of the page, by file name. */
const MODULES: Readonly<Record<string, () => TextModule>> = {
  "app.ts": () => import("../page/app.ts", { with: { type: "text" } }),
  "chart.ts": () => import("../page/chart.ts", { with: { type: "text" } }),
  "element.ts": () => import("../page/element.ts", { with: { type: "text" } }),
  "events_page.ts": () =>
    import("../page/events_page.ts", { with: { type: "text" } }),
  "format.ts": () => import("../page/format.ts", { with: { type: "text" } }),
  "graph_page.ts": () =>
    import("../page/graph_page.ts", { with: { type: "text" } }),
  "header.ts": () => import("../page/header.ts", { with: { type: "text" } }),
  "kernels_page.ts": () =>
    import("../page/kernels_page.ts", { with: { type: "text" } }),
  "main.ts": () => import("../page/main.ts", { with: { type: "text" } }),
  "plugins_page.ts": () =>
    import("../page/plugins_page.ts", { with: { type: "text" } }),
  "store.ts": () => import("../page/store.ts", { with: { type: "text" } }),
  "theme.ts": () => import("../page/theme.ts", { with: { type: "text" } }),
  "training_page.ts": () =>
    import("../page/training_page.ts", { with: { type: "text" } }),
};

/** Packages, by the specifier that modules import them by. */
const PACKAGES: Readonly<
  Record<string, { readonly path: string; readonly load: () => TextModule }>
> = {
  "preact": {
    path: "/package/preact.js",
    load: () => import("preact", { with: { type: "text" } }),
  },
  "preact/hooks": {
    path: "/package/preact_hooks.js",
    load: () => import("preact/hooks", { with: { type: "text" } }),
  },
  "uplot": {
    path: "/package/uplot.js",
    load: () => import("uplot/dist/uPlot.esm.js", { with: { type: "text" } }),
  },
};

/** What is no module. */
const OTHERS: Readonly<
  Record<string, { readonly type: string; readonly load: () => TextModule }>
> = {
  "/": {
    type: "text/html; charset=utf-8",
    load: () => import("../page/index.html", { with: { type: "text" } }),
  },
  "/page/icon.svg": {
    type: "image/svg+xml",
    load: () => import("../page/icon.svg", { with: { type: "text" } }),
  },
  "/page/style.css": {
    type: "text/css; charset=utf-8",
    load: () => import("../page/style.css", { with: { type: "text" } }),
  },
  "/package/uplot.css": {
    type: "text/css; charset=utf-8",
    load: () => import("uplot/dist/uPlot.min.css", { with: { type: "text" } }),
  },
};

const JAVASCRIPT = "text/javascript; charset=utf-8";

/**
 * Reads all that the browser may ask for.
 *
 * @returns The files, by path.
 */
export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  await init;
  const files = new Map<string, PageFile>();
  for (const [path, { type, load }] of Object.entries(OTHERS)) {
    files.set(path, { type, text: (await load()).default });
  }
  for (const [name, load] of Object.entries(MODULES)) {
    const text = withPaths(stripTypeScriptTypes((await load()).default));
    files.set(`/page/${name}`, { type: JAVASCRIPT, text });
  }
  for (const { path, load } of Object.values(PACKAGES)) {
    const text = withPaths((await load()).default);
    files.set(path, { type: JAVASCRIPT, text });
  }
  return files;
}

/** Names packages by their paths: an import map would be an inline script. */
function withPaths(source: string): string {
  const [imports] = parse(source);
  let text = "";
  let end = 0;
  for (const { n: specifier = "", s, e } of imports) {
    const path = PACKAGES[specifier]?.path;
    if (path === undefined) continue;
    text += source.slice(end, s) + path;
    end = e;
  }
  return text + source.slice(end);
}
