import { assertInstance } from "../../core/base/mod.ts";
import { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import { notSerializable } from "../errors.ts";
import { Parallel } from "../layers/parallel.ts";
import { Residual } from "../layers/residual.ts";
import { Sequential } from "../layers/sequential.ts";
import { Module } from "../module.ts";
import {
  type Block,
  itemName,
  PIPELINE_VERSION,
  type PipelineDescription,
  type PipelineItem,
} from "./description.ts";
import { isId } from "./read_id.ts";

/**
 * Describes a model that is there: its types, settings and names, not the numbers that it has learned.
 *
 * @example There and back
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import {
 *   buildPipeline,
 *   createModuleRegistry,
 *   Linear,
 *   Relu,
 *   Sequential,
 *   toPipeline,
 * } from "@spiraltorch/spiraltorch/nn";
 *
 * const registry = createModuleRegistry();
 * const model = new Sequential([
 *   new Linear({ inFeatures: 4, outFeatures: 2 }),
 *   new Relu(),
 * ]);
 * const description = toPipeline(model, registry);
 * const again = await buildPipeline(description, registry);
 * assertEquals(toPipeline(again.model, registry), description);
 * ```
 *
 * @param model The model.
 * @param registry The types that it may be made of.
 * @returns Its description, with defaults filled in, which `buildPipeline` makes it from again.
 * @throws {NnError} `NOT_SERIALIZABLE` if a part is of no type that tells its settings, has a name that
 * no description can give it, or is there twice.
 */
export function toPipeline(
  model: Module,
  registry: ModuleDiscoveryRegistry,
): PipelineDescription {
  assertInstance("model of toPipeline", model, Module);
  assertInstance("registry of toPipeline", registry, ModuleDiscoveryRegistry);
  const describer = new Describer(registry);
  if (!(model instanceof Sequential)) {
    const modules = [describer.describe(model, "")];
    return { version: PIPELINE_VERSION, modules };
  }
  const modules = describer.describeChildren(model, "");
  const { name, outputs } = model;
  return {
    version: PIPELINE_VERSION,
    ...name === undefined ? {} : { name },
    modules,
    ...outputs.size === 0 ? {} : { outputs: Object.fromEntries(outputs) },
  };
}

class Describer {
  readonly #registry: ModuleDiscoveryRegistry;
  readonly #seen = new Set<Module>();

  constructor(registry: ModuleDiscoveryRegistry) {
    this.#registry = registry;
  }

  describe(module: Module, path: string): PipelineItem {
    if (this.#seen.has(module)) {
      throw notSerializable(path, "a module that is there twice");
    }
    this.#seen.add(module);
    if (module instanceof Residual) {
      return { residual: this.#describeBlock(module.inner, `${path}.inner`) };
    }
    if (module instanceof Parallel) return this.#describeBranch(module, path);
    if (module instanceof Sequential) {
      if (module.name !== undefined || module.outputs.size > 0) {
        throw notSerializable(path, "a name or outputs inside a model");
      }
      return { sequential: this.describeChildren(module, path) };
    }
    const described = this.#registry.describe(module);
    if (described) return described;
    const { name } = module.constructor;
    throw notSerializable(path, `"${name}", which no type tells settings of`);
  }

  describeChildren(module: Sequential, path: string): PipelineItem[] {
    const children = [...module.children()];
    return children.map(([name, child], i) => {
      const place = path === "" ? name : `${path}.${name}`;
      const item = this.describe(child, place);
      if (itemName(item, i) === name) return item;
      if (isId(name) || name === String(i)) return { id: name, ...item };
      throw notSerializable(place, "a name that is no id");
    });
  }

  #describeBranch(module: Parallel, path: string): PipelineItem {
    const { merge, axis } = module;
    const children = [...module.children()];
    const blocks = children.map(([name, child]) =>
      [name, this.#describeBlock(child, `${path}.${name}`)] as const
    );
    const isList = children.every(([name], i) => name === String(i));
    if (!isList && !children.every(([name]) => isId(name))) {
      throw notSerializable(path, "a path with a name that is no id");
    }
    const paths = isList
      ? blocks.map(([, block]) => block)
      : Object.fromEntries(blocks);
    const hasAxis = merge === "concat" || merge === "stack";
    return { branch: { merge, ...hasAxis ? { axis } : {}, paths } };
  }

  /** Modules one after another are a list where that says everything. */
  #describeBlock(module: Module, path: string): Block {
    const item = this.describe(module, path);
    return "sequential" in item ? item.sequential : item;
  }
}
