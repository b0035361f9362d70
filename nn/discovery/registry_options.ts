/**
 * What a registry of module types is given, and what it tells.
 *
 * @module
 */
import type { Seed } from "../seed.ts";
import type { Built, ModuleDefinition, ModuleMetadata } from "./definition.ts";

/** What changed in a registry. */
export interface RegistryChange {
  /** Whether a type came or went. */
  readonly kind: "registered" | "unregistered";
  /** The type. */
  readonly metadata: ModuleMetadata;
}

/** Options of `ModuleDiscoveryRegistry`. */
export interface ModuleRegistryOptions {
  /** Module types that are there from the start and can neither be replaced nor removed. */
  readonly builtins?: readonly ModuleDefinition[];
  /**
   * Called after each change, when it can be seen.
   *
   * @param change What changed.
   */
  readonly onChange?: (change: RegistryChange) => void;
  /**
   * Called with everything that `ModuleDiscoveryRegistry.create` makes.
   *
   * @param built The module, loss or optimizer.
   */
  readonly onCreate?: (built: Built) => void;
}

/** Options of `ModuleDiscoveryRegistry.register`. */
export interface RegisterModuleOptions {
  /**
   * Who registers: a plugin's id.
   *
   * @default {"host"}
   */
  readonly owner?: string;
  /**
   * Which generation of the owner registers: it covers a type of the same name that an older
   * generation has registered, until one of the two is taken out.
   *
   * @default {1}
   */
  readonly generation?: number;
}

/** Options of `ModuleDiscoveryRegistry.create`. */
export interface CreateModuleOptions {
  /**
   * What the first weights depend on: the same type, config and seed give the same weights.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/** How something can be made again. */
export interface DescribedModule {
  /** Name of its type. */
  readonly type: string;
  /** Its settings. */
  readonly config: object;
}
