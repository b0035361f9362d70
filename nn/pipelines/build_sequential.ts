import { splitKey } from "../../core/base/mod.ts";
import { assertBuilt } from "../discovery/assert_built.ts";
import type { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import { Sequential } from "../layers/sequential.ts";
import type { Module } from "../module.ts";
import { type Seed, seedKey } from "../seed.ts";
import { itemName, type PipelineItem } from "./description.ts";

/** A module that is there already, and stays its owner's. */
export interface GivenModule {
  /** The module. */
  readonly module: Module;
  /** Name for what it is, where it has no id. */
  readonly type: string;
  /** What its parameters are named after. */
  readonly id?: string;
}

/** Options of {@linkcode buildSequential}. */
export interface BuildSequentialOptions {
  /** What the model is called. */
  readonly name?: string | undefined;
  /** What the first weights depend on; each module gets a seed of its own from it. */
  readonly seed: Seed;
}

/**
 * Makes modules by name and puts them, with those that are there already, one after another.
 *
 * @param items The modules in order.
 * @param registry Where module types are looked up.
 * @param options Name and seed.
 * @returns The model.
 * @throws {NnError} `MODULE_UNKNOWN`, `CONFIG_INVALID` or `MODULE_FACTORY_FAILED` if a module cannot be
 * made. What had been made is disposed.
 */
export async function buildSequential(
  items: readonly (PipelineItem | GivenModule)[],
  registry: ModuleDiscoveryRegistry,
  { name, seed }: BuildSequentialOptions,
): Promise<Sequential> {
  const key = seedKey(seed);
  using made = new DisposableStack();
  const children = new Map<string, Module>();
  for (const [i, item] of items.entries()) {
    const { type } = item;
    const module = "module" in item ? item.module : made.use(
      assertBuilt(
        type,
        await registry.create(type, item.config, { seed: splitKey(key, i) }),
        "module",
      ),
    );
    children.set(itemName(item, i), module);
  }
  made.move();
  return new Sequential(children, name === undefined ? {} : { name });
}
