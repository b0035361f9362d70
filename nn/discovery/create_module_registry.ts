import { optionsOf } from "../../ops/mod.ts";
import { BUILTIN_MODULES } from "./builtin.ts";
import type { Built } from "./definition.ts";
import { ModuleDiscoveryRegistry } from "./registry.ts";
import type { RegistryChange } from "./registry_options.ts";

/** Options of {@linkcode createModuleRegistry}. */
export interface CreateModuleRegistryOptions {
  /**
   * Called after each change, when it can be seen.
   *
   * @param change What changed.
   */
  readonly onChange?: (change: RegistryChange) => void;
  /**
   * Called with everything that the registry makes.
   *
   * @param built The module, loss or optimizer.
   */
  readonly onCreate?: (built: Built) => void;
}

/**
 * Makes a registry that holds the module types of the library.
 *
 * @param options Who hears of changes.
 * @returns The registry.
 */
export function createModuleRegistry(
  options?: CreateModuleRegistryOptions,
): ModuleDiscoveryRegistry {
  return new ModuleDiscoveryRegistry({
    ...optionsOf("createModuleRegistry", options),
    builtins: BUILTIN_MODULES,
  });
}
