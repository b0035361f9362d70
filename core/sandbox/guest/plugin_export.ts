import type { Plugin } from "../../plugin/plugin.ts";

/** What a module's default export turned out to be. */
export type PluginExport =
  /** Plugins, at least one. */
  | { readonly kind: "plugins"; readonly plugins: readonly Plugin[] }
  /** Something else, in words. */
  | { readonly kind: "other"; readonly found: string };

/**
 * Reads a module's default export: a plugin, an array of plugins, or a function that returns either.
 *
 * @param module The module's namespace.
 * @returns The plugins, or what was found instead.
 */
export async function readPluginExport(
  module: { readonly default?: unknown },
): Promise<PluginExport> {
  if (!("default" in module)) return { kind: "other", found: "missing" };
  const exported = module.default;
  const value: unknown = typeof exported === "function"
    ? await exported()
    : exported;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) return { kind: "other", found: "an empty array" };
  const other = list.find((item) => !isPlugin(item));
  return list.every(isPlugin)
    ? { kind: "plugins", plugins: list }
    : { kind: "other", found: describe(other) };
}

/** Whether it is meant as a plugin; whether it is a good one, its metadata's rules tell. */
function isPlugin(value: unknown): value is Plugin {
  return typeof value === "object" && value !== null && "metadata" in value;
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return `a value of type ${typeof value}`;
  const keys = Object.keys(value).slice(0, 5);
  return keys.length === 0
    ? "an object without metadata"
    : `an object without metadata (it has ${keys.join(", ")})`;
}
