import { compareText, isPlainObject } from "../../base/mod.ts";
import { readMetadata } from "../../plugin/metadata.ts";
import type { Plugin, PluginMetadata } from "../../plugin/plugin.ts";
import { manifestMismatch } from "../errors.ts";

/**
 * Requires that plugins say of themselves what was said of them.
 *
 * @param url Their entry.
 * @param described What was said, plugin by plugin.
 * @param plugins The plugins.
 * @throws {PluginError} `MANIFEST_MISMATCH` with the first field that differs.
 */
export function assertSameMetadata(
  url: string,
  described: readonly PluginMetadata[],
  plugins: readonly Plugin[],
): void {
  if (plugins.length !== described.length) {
    throw manifestMismatch(url, "number of plugins");
  }
  for (const [index, plugin] of plugins.entries()) {
    const { metadata = {} } = readMetadata(() => plugin.metadata);
    const field = differingField(metadata, described[index]!);
    if (field !== undefined) throw manifestMismatch(url, field);
  }
}

/** The first field that differs, whatever the order of names. */
function differingField(one: object, other: object): string | undefined {
  const fields = new Set([...Object.keys(other), ...Object.keys(one)]);
  return fields.values().find((field) =>
    textOf(Reflect.get(one, field)) !== textOf(Reflect.get(other, field))
  );
}

function textOf(value: unknown): string | undefined {
  return JSON.stringify(
    value,
    (_, inner: unknown) =>
      isPlainObject(inner)
        ? Object.entries(inner).sort(([a], [b]) => compareText(a, b))
        : inner,
  );
}
