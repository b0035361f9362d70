import type { ContributionPoint, PluginEventBus } from "../../core/mod.ts";
import type {
  ModuleDefinition,
  ModuleDiscoveryRegistry,
} from "../../nn/mod.ts";
import type { ModuleContribution } from "../plugin/define_plugin.ts";

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
  function announce(eventType: string, data: unknown): void {
    events.publishLazy(
      eventType,
      () => ({ kind: "Custom", eventType, data }),
    );
  }
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
      const data = { moduleType: type, category, owner };
      let isAnnounced = false;
      return {
        name: type,
        announce() {
          isAnnounced = true;
          announce("ModuleRegistered", data);
        },
        [Symbol.dispose]() {
          registration[Symbol.dispose]();
          // Nobody is told of the end of what was never announced, or goes on in a new generation.
          const isGone = modules.getMetadata(type) === undefined;
          if (isAnnounced && isGone) announce("ModuleUnregistered", data);
        },
      };
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
