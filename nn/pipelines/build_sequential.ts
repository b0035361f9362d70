import { type RandomKey, splitKey } from "../../core/base/mod.ts";
import { assertBuilt } from "../discovery/assert_built.ts";
import type { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import { Parallel } from "../layers/parallel.ts";
import { Residual } from "../layers/residual.ts";
import { Sequential, type SequentialOptions } from "../layers/sequential.ts";
import type { Module } from "../module.ts";
import { type Seed, seedKey } from "../seed.ts";
import { type Block, itemName, type PipelineItem } from "./description.ts";

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
export interface BuildSequentialOptions extends SequentialOptions {
  /** What the first weights depend on; each module gets a seed of its own from it. */
  readonly seed: Seed;
}

/**
 * Makes modules by name and puts them, with those that are there already, one after another.
 *
 * @param items The modules in order.
 * @param registry Where module types are looked up.
 * @param options Names and seed.
 * @returns The model.
 * @throws {NnError} `MODULE_UNKNOWN`, `CONFIG_INVALID` or `MODULE_FACTORY_FAILED` if a module cannot be
 * made. What had been made is disposed.
 */
export async function buildSequential(
  items: readonly (PipelineItem | GivenModule)[],
  registry: ModuleDiscoveryRegistry,
  { seed, ...names }: BuildSequentialOptions,
): Promise<Sequential> {
  using made = new DisposableStack();
  const builder = new ItemBuilder(registry, made);
  const modules = await builder.buildList(items, seedKey(seed));
  const model = new Sequential(modules, names);
  made.move();
  return model;
}

class ItemBuilder {
  readonly #registry: ModuleDiscoveryRegistry;
  readonly #made: DisposableStack;

  constructor(registry: ModuleDiscoveryRegistry, made: DisposableStack) {
    this.#registry = registry;
    this.#made = made;
  }

  async buildList(
    items: readonly (PipelineItem | GivenModule)[],
    key: RandomKey,
  ): Promise<Map<string, Module>> {
    const modules = new Map<string, Module>();
    for (const [i, item] of items.entries()) {
      const module = "module" in item
        ? item.module
        : await this.#buildItem(item, splitKey(key, i));
      modules.set(itemName(item, i), module);
    }
    return modules;
  }

  async #buildItem(item: PipelineItem, seed: RandomKey): Promise<Module> {
    if ("residual" in item) {
      return new Residual(await this.#buildBlock(item.residual, seed));
    }
    if ("sequential" in item) {
      return new Sequential(await this.buildList(item.sequential, seed));
    }
    if ("branch" in item) {
      const { paths, ...options } = item.branch;
      const modules = new Map<string, Module>();
      for (const [i, [name, block]] of Object.entries(paths).entries()) {
        modules.set(name, await this.#buildBlock(block, splitKey(seed, i)));
      }
      return new Parallel(modules, options);
    }
    const { type, config } = item;
    const built = await this.#registry.create(type, config, { seed });
    return this.#made.use(assertBuilt(type, built, "module"));
  }

  async #buildBlock(block: Block, key: RandomKey): Promise<Module> {
    return "length" in block
      ? new Sequential(await this.buildList(block, key))
      : await this.#buildItem(block, key);
  }
}
