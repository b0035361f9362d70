import { assertInstance, type Issue, listOf } from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertText } from "../check/assert_text.ts";
import { configInvalid, moduleUnknown } from "../discovery/module_errors.ts";
import { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import { pipelineInvalid } from "../errors.ts";
import type { Merge } from "../layers/parallel.ts";
import type { Sequential } from "../layers/sequential.ts";
import { Module } from "../module.ts";
import type { SymbolicShape } from "../symbolic_shape.ts";
import type { BuildPipelineOptions } from "./build_pipeline.ts";
import { buildSequential, type GivenModule } from "./build_sequential.ts";
import { checkShapes } from "./check_shapes.ts";
import type { PipelineItem } from "./description.ts";
import { duplicateIds } from "./duplicate_ids.ts";
import { parsePipeline } from "./parse_pipeline.ts";

/** Options of an entry of {@linkcode ModulePipelineBuilder}. */
export interface PipelineEntryOptions {
  /** What the module's parameters are named after; `<place>.<type>` if left out. */
  readonly id?: string;
}

/** Paths side by side, for {@linkcode ModulePipelineBuilder.branch}. */
export interface BranchOptions {
  /** How their results become one. */
  readonly merge: Merge;
  /** The axis for `concat` and `stack`; the last one if left out. */
  readonly axis?: number;
  /** Modules as in a description: lists, by name or in order. */
  readonly paths:
    | Readonly<Record<string, readonly unknown[]>>
    | readonly (readonly unknown[])[];
}

/**
 * Describes a model call by call. Settings are checked at the call, shapes and ids when the model is
 * built; nothing is made before that, and each build makes modules of its own.
 *
 * @example Two modules by name
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import {
 *   createModuleRegistry,
 *   ModulePipelineBuilder,
 * } from "@spiraltorch/spiraltorch/nn";
 *
 * const model = await new ModulePipelineBuilder(createModuleRegistry())
 *   .withName("tiny")
 *   .withInput(["batch", 4])
 *   .addModule("linear", { inFeatures: 4, outFeatures: 2 })
 *   .addModule("relu")
 *   .build();
 * assertEquals([...model.children().keys()], ["0.linear", "1.relu"]);
 * ```
 */
export class ModulePipelineBuilder {
  readonly #registry: ModuleDiscoveryRegistry;
  readonly #items: (PipelineItem | GivenModule)[] = [];
  #name: string | undefined;
  #input: SymbolicShape | undefined;

  /**
   * Constructs a new instance.
   *
   * @param registry Where module types are looked up.
   */
  constructor(registry: ModuleDiscoveryRegistry) {
    assertInstance(
      "registry of ModulePipelineBuilder",
      registry,
      ModuleDiscoveryRegistry,
    );
    this.#registry = registry;
  }

  /**
   * Names the model.
   *
   * @param name The name.
   * @returns The builder itself.
   */
  withName(name: string): this {
    assertText("withName name", name);
    this.#name = name;
    return this;
  }

  /**
   * Says what the model will be applied to, so that shapes are checked before anything is built.
   *
   * @param input The shape; sizes may be names.
   * @returns The builder itself.
   */
  withInput(input: SymbolicShape): this {
    this.#input = [...listOf("withInput input", input)];
    return this;
  }

  /**
   * Adds a module that each build makes anew.
   *
   * @param type Name of its type.
   * @param config Its settings.
   * @param options What its parameters are named after.
   * @returns The builder itself.
   * @throws {NnError} `MODULE_UNKNOWN` with suggestions, if no type has that name.
   * @throws {NnError} `CONFIG_INVALID` with every issue of the settings.
   */
  addModule(
    type: string,
    config: unknown = {},
    options?: PipelineEntryOptions,
  ): this {
    const { id } = optionsOf("addModule", options);
    assertText("a type of module", type);
    if (!this.#registry.getMetadata(type)) {
      throw moduleUnknown(type, this.#registry.listModules());
    }
    const checked = this.#registry.validate(type, config);
    if (checked.config === undefined) throw configInvalid(type, checked.issues);
    const named = id === undefined ? {} : { id };
    this.#items.push({ type, config: checked.config, ...named });
    return this;
  }

  /**
   * Adds a module that is there already. It stays its owner's, and all builds share it.
   *
   * @param module The module.
   * @param options What its parameters are named after.
   * @returns The builder itself.
   */
  add(module: Module, options?: PipelineEntryOptions): this {
    const { id } = optionsOf("add", options);
    assertInstance("module of ModulePipelineBuilder", module, Module);
    const type = snakeCase(module.constructor.name);
    const named = id === undefined ? {} : { id };
    this.#items.push({ module, type, ...named });
    return this;
  }

  /**
   * Adds paths side by side: all are applied to the same input, and their results become one.
   *
   * @param branch The paths, by name or in order, with modules as in a description, and how their results
   * become one.
   * @param options What parameters are named after.
   * @returns The builder itself.
   * @throws {NnError} `PIPELINE_INVALID` with every issue of the paths.
   */
  branch(branch: BranchOptions, options: PipelineEntryOptions = {}): this {
    return this.#addEntry({ branch }, options);
  }

  /**
   * Adds modules whose result is added to what they are applied to.
   *
   * @param modules The modules, as in a description.
   * @param options What parameters are named after.
   * @returns The builder itself.
   * @throws {NnError} `PIPELINE_INVALID` with every issue of the modules.
   */
  residual(
    modules: readonly unknown[],
    options: PipelineEntryOptions = {},
  ): this {
    return this.#addEntry({ residual: modules }, options);
  }

  /**
   * Adds modules several times, each time with parameters of their own.
   *
   * @param times How many times.
   * @param modules The modules, as in a description.
   * @param options What parameters are named after.
   * @returns The builder itself.
   * @throws {NnError} `PIPELINE_INVALID` with every issue of the modules.
   */
  repeat(
    times: number,
    modules: readonly unknown[],
    options: PipelineEntryOptions = {},
  ): this {
    return this.#addEntry({ repeat: { times, modules } }, options);
  }

  /**
   * Makes the model.
   *
   * @param options What the first weights depend on.
   * @returns The model; it gives back what it is applied to if nothing was added.
   * @throws {NnError} `PIPELINE_INVALID` if two modules have one id, or a module does not take the
   * shape that the one before it gives.
   * @throws {NnError} `MODULE_FACTORY_FAILED` if a type's own code fails. What had been made is disposed.
   */
  async build(options?: BuildPipelineOptions): Promise<Sequential> {
    const { seed = 0 } = optionsOf("build", options);
    const items = [...this.#items];
    const issues = [...duplicateIds(items), ...this.#shapeIssues(items)];
    if (issues.length > 0) throw pipelineInvalid(issues);
    const name = this.#name === undefined ? {} : { name: this.#name };
    return await buildSequential(items, this.#registry, { ...name, seed });
  }

  #shapeIssues(items: readonly (PipelineItem | GivenModule)[]): Issue[] {
    if (!this.#input) return [];
    const shaped = items.map((item) => "module" in item ? undefined : item);
    const registry = this.#registry;
    return [...checkShapes(this.#input, shaped, { registry }).issues];
  }

  #addEntry(
    entry: Readonly<Record<string, unknown>>,
    options: PipelineEntryOptions,
  ): this {
    const { id } = optionsOf("a pipeline's entry", options);
    const named = id === undefined ? entry : { ...entry, id };
    const { modules } = parsePipeline({ modules: [named] }, this.#registry);
    this.#items.push(...modules);
    return this;
  }
}

/** `LayerNorm` as `layer_norm`. */
function snakeCase(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}
