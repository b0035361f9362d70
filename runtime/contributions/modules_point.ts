import type { ContributionPoint, PluginEventBus } from "../../core/mod.ts";
import type {
  ModuleDefinition,
  ModuleDiscoveryRegistry,
} from "../../nn/mod.ts";
import type { ModuleContribution } from "../plugin/define_plugin.ts";
import { announced } from "./announced.ts";

/** Where the modules of plugins go, and who hears of it. */
export interface ModulesPointOptions {
  /** The registry that they are added to. */
  readonly modules: ModuleDiscoveryRegistry;
  /** The bus that hears `ModuleRegistered` and `ModuleUnregistered`. */
  readonly events: PluginEventBus;
}

/**
 * Binds the plugin system's slot for modules to a registry.
 *
 * @param options The registry and the bus.
 * @returns The slot.
 */
export function modulesPoint(
  { modules, events }: ModulesPointOptions,
): ContributionPoint {
  return {
    name: "modules",
    label: "module",
    register(contribution, owner, { generation }) {
      // The registry checks every field.
      const definition = toDefinition(contribution as ModuleContribution);
      const registration = modules.register(definition, {
        owner,
        generation,
      });
      const { type, category } = definition;
      return announced(events, {
        what: "Module",
        name: type,
        registration,
        isThere: () => modules.getMetadata(type) !== undefined,
        data: { moduleType: type, category, owner },
      });
    },
  };
}

/** A definition as the registry takes it. */
function toDefinition(
  { inferShape, ...definition }: ModuleContribution | ModuleDefinition,
): ModuleDefinition {
  if (inferShape === undefined) return definition as ModuleDefinition;
  return {
    ...definition as ModuleDefinition,
    inferShape: inferShape === "same" ? (_, [x]) => x! : inferShape,
  };
}
