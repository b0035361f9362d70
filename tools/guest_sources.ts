/**
 * Writes `runtime/guest_sources.ts`: the list of the library's modules that run inside a sandbox, each
 * as text. The list is what the guest's entries can reach by static imports, types left out.
 *
 * `deno run --allow-read=. --allow-write=runtime tools/guest_sources.ts`
 *
 * @module
 */
import { init, parse } from "es-module-lexer";
import { stripTypeScriptTypes } from "node:module";

const ROOT = new URL("../", import.meta.url);
const OUTPUT = "runtime/guest_sources.ts";
const ENTRIES = ["runtime/guest/main.ts", "runtime/plugin/mod.ts"];

/**
 * Finds what some modules can reach by static imports.
 *
 * @param entries Paths relative to the root.
 * @returns Their paths and those of all they reach, sorted.
 */
async function reachableFrom(entries: readonly string[]): Promise<string[]> {
  await init;
  const found = new Set<string>();
  async function visit(path: string): Promise<void> {
    if (found.has(path)) return;
    found.add(path);
    const source = await Deno.readTextFile(new URL(path, ROOT));
    const [imports] = parse(stripTypeScriptTypes(source));
    for (const { n: specifier, d: dynamicAt } of imports) {
      if (specifier === undefined || dynamicAt !== -1) continue;
      if (!specifier.startsWith(".")) {
        throw new TypeError(
          `Cannot send ${path} to a sandbox: it imports "${specifier}", which is not a file of the library`,
        );
      }
      const target = new URL(specifier, new URL(path, "file:///"));
      await visit(target.pathname.slice(1));
    }
  }
  for (const entry of entries) await visit(entry);
  return [...found].sort();
}

/**
 * Lists the modules that run inside a sandbox.
 *
 * @returns Their paths, sorted.
 */
export function guestPaths(): Promise<string[]> {
  return reachableFrom(ENTRIES);
}

/** Writes the module that holds the list. */
async function guestSources(): Promise<string> {
  const paths = await guestPaths();
  const rows = paths.map((path) => {
    const specifier = path.startsWith("runtime/")
      ? `./${path.slice("runtime/".length)}`
      : `../${path}`;
    return `  "${path}": () =>\n    import("${specifier}", { with: { type: "text" } }),`;
  });
  return `// Written by tools/guest_sources.ts: run it again when the guest's imports change.

/** A module as text. */
type TextModule = Promise<{ readonly default: string }>;

/**
 * The library's modules that run inside a sandbox, as text. Literal imports, so that they are part of
 * the library wherever it was loaded from, need no permission, and are read on first need only.
 */
export const GUEST_SOURCES: Readonly<Record<string, () => TextModule>> = {
${rows.join("\n")}
};
`;
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL(OUTPUT, ROOT), await guestSources());
  await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", new URL(OUTPUT, ROOT).pathname],
  }).output();
}
