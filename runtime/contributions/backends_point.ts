import type { ContributionPoint, PluginEventBus } from "../../core/mod.ts";
import type { BackendDefinition, BackendRegistry } from "../../kernels/mod.ts";
import { announced } from "./announced.ts";

/** Where the backends of plugins go, and who hears of it. */
export interface BackendsPointOptions {
  /** The registry that they are added to. */
  readonly backends: BackendRegistry;
  /** The bus that hears `BackendRegistered` and `BackendUnregistered`. */
  readonly events: PluginEventBus;
}

/**
 * Binds the plugin system's slot for backends to a registry.
 *
 * @param options The registry and the bus.
 * @returns The slot.
 */
export function backendsPoint(
  { backends, events }: BackendsPointOptions,
): ContributionPoint {
  return {
    name: "backends",
    label: "backend",
    register(contribution, owner, { generation }) {
      // The registry checks every field.
      const definition = contribution as BackendDefinition;
      const registration = backends.register(definition, { owner, generation });
      const { name } = definition;
      return announced(events, {
        what: "Backend",
        name,
        registration: {
          [Symbol.dispose]: () => registration[Symbol.asyncDispose](),
        },
        isThere: () => backends.describe(name) !== undefined,
        data: { name, owner },
      });
    },
  };
}
