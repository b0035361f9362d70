/**
 * What a registry of operators is told, and what it tells.
 *
 * @module
 */
import type { Backend } from "../kernels/mod.ts";
import type { OperatorSchema } from "./graph/node.ts";

/** Options of {@linkcode OperatorRegistry.register}. */
export interface RegisterOperatorOptions {
  /** Who adds it: a plugin's id. Nobody in particular if left out. */
  readonly owner?: string;
  /**
   * Which generation of the owner adds it: it covers an operator of the same name that an older
   * generation has added, until one of the two is taken out.
   *
   * @default {1}
   */
  readonly generation?: number;
}

/** What changed in a registry of operators. */
export interface OperatorChange {
  /** Whether an operator came or went. */
  readonly kind: "registered" | "unregistered";
  /** Name of the operator. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** Who added it: a plugin's id; `undefined` for the host. */
  readonly owner: string | undefined;
}

/** Options of {@linkcode OperatorRegistry}. */
export interface OperatorRegistryOptions {
  /**
   * Called after each change, when it can be seen.
   *
   * @param change What changed.
   */
  readonly onChange?: (change: OperatorChange) => void;
  /**
   * Tells whether an operator may be added under a name that is not its owner's. One of the library is
   * covered by it: only calls by name see the cover, methods of tensors and what the library is made of
   * keep their own. Beside what another owner has added it may stand as another version. Never if left
   * out.
   *
   * @param name The name.
   * @param owner Who would add it: a plugin's id; `undefined` for the host.
   */
  readonly canOverride?: (name: string, owner: string | undefined) => boolean;
  /**
   * The backends there are, in the order in which they are asked; the default one if left out.
   *
   * @param wanted Name of the one that is asked for, if one is.
   */
  readonly backends?: (wanted?: string) => readonly Backend[];
  /** Names of the backends that could be made; those of the library if left out. */
  readonly backendNames?: () => readonly string[];
}

/** What a registry knows of an operator. */
export interface OperatorInfo {
  /** Its name. */
  readonly name: string;
  /** Semantic version of its meaning. */
  readonly version: string;
  /** All versions that are there, as `listVersions` gives them. */
  readonly versions: readonly string[];
  /** One sentence about what it computes. */
  readonly description: string;
  /** Other names of it. */
  readonly aliases: readonly string[];
  /** `library`, `host` or a plugin's id. */
  readonly owner: string;
  /** Backends that it is said to be made for. */
  readonly backends: readonly string[];
  /** What it takes. */
  readonly schema: OperatorSchema;
  /** How many outputs it has. */
  readonly outputs: number;
}

/** Options of {@linkcode OperatorRegistry.findByBackend}. */
export interface FindByBackendOptions {
  /**
   * Leaves those out that would not run there now.
   *
   * @default {false}
   */
  readonly runnable?: boolean;
}
