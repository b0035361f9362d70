import { compareText, printableLine } from "../../base/mod.ts";
import { PluginCapability } from "../../plugin/capability.ts";
import type { PluginMetadata } from "../../plugin/plugin.ts";
import type { LockedPlugin } from "./lock_entry.ts";

/**
 * Picks from metadata what is written down of a plugin.
 *
 * @param metadata The metadata.
 * @returns What a lockfile says about it.
 */
export function toLockedPlugin(metadata: PluginMetadata): LockedPlugin {
  const { version, description = "", capabilities = [] } = metadata;
  const line = printableLine(description);
  const texts = capabilities.map((offered) =>
    PluginCapability.print(PluginCapability.parse(offered))
  );
  return {
    version,
    ...line === "" ? {} : { description: line },
    dependencies: metadata.dependencies ?? {},
    optionalDependencies: metadata.optionalDependencies ?? {},
    provides: metadata.provides ?? {},
    capabilities: [...new Set(texts)].sort(compareText),
  };
}
