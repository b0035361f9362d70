import type { Plugin } from "../../plugin/plugin.ts";
import type { Kept } from "../loaded_source.ts";
import { GATE_KINDS, type OwnServiceOptions } from "./gate_options.ts";

/**
 * Makes what the host offers to one plugin alone: a gate, if it asks for anything that it is needed for.
 *
 * @param plugin The plugin.
 * @param kept What it is part of, and how that was loaded.
 * @param options What the services are made with.
 * @returns The services, by name.
 */
export async function offerServices(
  plugin: Plugin,
  kept: Kept,
  options: OwnServiceOptions,
): Promise<Readonly<Record<string, object>>> {
  const { optional = {}, ...required } = plugin.metadata.permissions ?? {};
  const isAsking = [required, optional].some((lists) =>
    GATE_KINDS.some((kind) => (lists[kind] ?? []).length > 0)
  );
  // On first need: few plugins ask for it.
  if (!isAsking) return {};
  const { ownServices } = await import("./own_services.ts");
  return ownServices(plugin, kept, options);
}
