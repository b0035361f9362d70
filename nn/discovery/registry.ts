import {
  assertFunction,
  compareText,
  type JsonObject,
  type Layer,
  LayeredMap,
  listOf,
  printable,
  searchEntries,
} from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertText } from "../check/assert_text.ts";
import { checkWithParts, hasParts, namedPart } from "./config_parts.ts";
import { typeUnknown } from "./type_unknown.ts";
import { seedKey } from "../seed.ts";
import type { ShapeInference, SymbolicShape } from "../symbolic_shape.ts";
import { pipelineSchema } from "../pipelines/pipeline_schema.ts";
import { assertBuilt } from "./assert_built.ts";
import { builtKind, type ModuleCategory } from "./category.ts";
import type { CheckedConfig } from "./compile_config.ts";
import { CreationPath, isModuleLoop } from "./creation_path.ts";
import type {
  Built,
  FactoryOptions,
  ModuleDefinition,
  ModuleMetadata,
} from "./definition.ts";
import {
  configInvalid,
  moduleExists,
  moduleFactoryFailed,
  moduleOwned,
  moduleProtected,
  moduleUnknown,
} from "./module_errors.ts";
import { readDefinition, type RegisteredModule } from "./read_definition.ts";
import type {
  CreateModuleOptions,
  DescribedModule,
  ModuleRegistryOptions,
  RegisterModuleOptions,
  RegistryChange,
} from "./registry_options.ts";

/** A type and whose it is. */
interface Entry extends Layer {
  readonly module: RegisteredModule;
}

/** Owner of the built-in types. */
const CORE = "core";
/** Owner of what nobody else claims. */
const HOST = "host";

/**
 * Module types by name: layers, losses and optimizers, with the settings they take. Two registries
 * share nothing.
 *
 * @example A layer by name
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createModuleRegistry, Linear } from "@spiraltorch/spiraltorch/nn";
 *
 * const registry = createModuleRegistry();
 * const layer = await registry.create("linear", { inFeatures: 4, outFeatures: 2 });
 * assertEquals(layer instanceof Linear, true);
 * assertEquals(registry.findByCategory("Optimizer").includes("adam"), true);
 * ```
 */
export class ModuleDiscoveryRegistry {
  readonly #modules = new LayeredMap<Entry>();
  readonly #onChange: (change: RegistryChange) => void;
  readonly #onCreate: (built: Built) => void;
  /** How things were made whose type cannot tell. */
  readonly #made = new WeakMap<Built, DescribedModule>();
  #creations: CreationPath | undefined;

  /**
   * Constructs a new instance.
   *
   * @param options Types that are there from the start, and who hears of changes.
   */
  constructor(options?: ModuleRegistryOptions) {
    const { builtins = [], onChange = () => {}, onCreate = () => {} } =
      optionsOf("ModuleDiscoveryRegistry", options);
    this.#onChange = onChange;
    this.#onCreate = onCreate;
    assertFunction("onChange of a registry", onChange);
    assertFunction("onCreate of a registry", onCreate);
    for (const definition of listOf("builtins of a registry", builtins)) {
      const module = readDefinition(definition, CORE);
      const entry = { module, owner: CORE, generation: 1 };
      this.#modules.put(module.metadata.moduleType, entry);
    }
  }

  /**
   * Adds a module type.
   *
   * @param definition The type; it is read once.
   * @param options Who registers it.
   * @returns The registration; disposing it removes the type.
   * @throws {NnError} `MODULE_INVALID` with every issue of the definition.
   * @throws {NnError} `MODULE_EXISTS` if the name is taken.
   */
  register(
    definition: ModuleDefinition,
    options?: RegisterModuleOptions,
  ): Disposable {
    const { owner = HOST, generation = 1 } = optionsOf("register", options);
    const module = readDefinition(definition, owner);
    const { moduleType } = module.metadata;
    const entry = { module, owner, generation };
    if (!this.#modules.accepts(moduleType, entry)) {
      const known = this.#modules.get(moduleType)!.owner;
      throw moduleExists(moduleType, known ?? HOST);
    }
    this.#modules.put(moduleType, entry);
    this.#onChange({ kind: "registered", metadata: module.metadata });
    return { [Symbol.dispose]: () => this.#remove(entry) };
  }

  /**
   * Removes a module type. Modules that were made from it stay as they are.
   *
   * @param type Its name.
   * @returns Whether it was there.
   * @throws {NnError} `MODULE_PROTECTED` if it is built in.
   * @throws {NnError} `MODULE_OWNED` if it belongs to a plugin.
   */
  unregister(type: string): boolean {
    assertText("a type of module", type);
    const entry = this.#modules.get(type);
    if (!entry) return false;
    const { owner } = entry.module.metadata;
    if (owner === CORE) throw moduleProtected(type);
    if (owner !== HOST) throw moduleOwned(type, owner);
    this.#remove(entry);
    return true;
  }

  /**
   * Makes a module, a loss or an optimizer. Factories may call it for what theirs are made of.
   *
   * @param type Name of its type.
   * @param config Its settings; keys may be in camel or snake case.
   * @param options What the first weights depend on.
   * @returns What was made.
   * @throws {NnError} `MODULE_UNKNOWN` with suggestions, if no type has that name.
   * @throws {NnError} `CONFIG_INVALID` with every issue of the config.
   * @throws {NnError} `MODULE_FACTORY_FAILED` if the type's own code throws, which is kept as the
   * cause, or makes something else than its category says.
   * @throws {NnError} `MODULE_LOOP` if factories create each other without end.
   */
  async create(
    type: string,
    config: unknown = {},
    options?: CreateModuleOptions,
  ): Promise<Built> {
    const { seed = 0 } = optionsOf("create", options);
    const module = this.#require(type);
    const checked = this.#check(module, config);
    if (checked.config === undefined) throw configInvalid(type, checked.issues);
    const key = { seed: seedKey(seed) };
    // On first need: what follows a call across what it awaits takes time to load.
    this.#creations ??= new CreationPath();
    const { config: settings } = checked;
    const built = await this.#creations.run(
      type,
      async () =>
        callFactory(module, await this.#withParts(module, settings), key),
    );
    const made = assertBuilt(type, built, builtKind(module.metadata.category));
    // What was made of a part does not say what it was made of.
    if (!module.toConfig || hasParts(module, settings)) {
      this.#made.set(made, { type, config: settings });
    }
    this.#onCreate(made);
    return made;
  }

  /**
   * Checks a config without making anything.
   *
   * @param type Name of the type.
   * @param config The settings.
   * @returns The settings with defaults filled in, or every issue.
   */
  validate(type: string, config: unknown = {}): CheckedConfig {
    assertText("a type of module", type);
    const entry = this.#modules.get(type);
    if (entry) return this.#check(entry.module, config);
    const { message, code } = moduleUnknown(type, this.#modules.keys());
    return { config: undefined, issues: [{ code, path: "", message }] };
  }

  /**
   * Tells what shape a module's output would have.
   *
   * @param type Name of its type.
   * @param config Its settings, as {@linkcode ModuleDiscoveryRegistry.validate} gave them.
   * @param inputs Shapes of its inputs.
   * @returns The shape or what was wanted instead; `undefined` if the type does not tell.
   * @throws {NnError} `MODULE_UNKNOWN` with suggestions, if no type has that name.
   * @throws {NnError} `MODULE_FACTORY_FAILED` if the type's own code throws or gives no shape.
   */
  inferShape(
    type: string,
    config: object,
    inputs: readonly SymbolicShape[],
  ): ShapeInference | undefined {
    const module = this.#require(type);
    let inferred: ShapeInference | undefined;
    try {
      inferred = module.inferShape?.(config, inputs);
    } catch (error) {
      throw moduleFactoryFailed(type, messageOf(error), { cause: error });
    }
    if (inferred === undefined || isInference(inferred)) return inferred;
    throw moduleFactoryFailed(type, "inferShape gave no shape");
  }

  /**
   * Tells by which type and settings something can be made again. A type that does not tell is known of
   * what this registry has made.
   *
   * @param built A module, loss or optimizer.
   * @returns The type's name and the settings; `undefined` if no type knows it.
   * @throws {NnError} `MODULE_FACTORY_FAILED` if a type's own code throws.
   */
  describe(built: Built): DescribedModule | undefined {
    const made = this.#made.get(built);
    if (made && this.#modules.get(made.type)) return made;
    for (const type of this.listModules()) {
      try {
        const module = this.#require(type);
        const config = module.toConfig?.(built);
        if (config !== undefined) return this.#describeParts(module, config);
      } catch (error) {
        throw moduleFactoryFailed(type, messageOf(error), { cause: error });
      }
    }
    return undefined;
  }

  /**
   * Describes a module type.
   *
   * @param type Its name.
   * @returns What can be told about it; `undefined` if it is not there.
   */
  getMetadata(type: string): ModuleMetadata | undefined {
    return this.#modules.get(type)?.module.metadata;
  }

  /**
   * Lists all module types.
   *
   * @returns Their names, sorted.
   */
  listModules(): string[] {
    return [...this.#modules.keys()].sort(compareText);
  }

  /**
   * Lists the module types of a category.
   *
   * @param category The category.
   * @returns Their names, sorted.
   */
  findByCategory(category: ModuleCategory): string[] {
    return this.listModules().filter((type) =>
      this.getMetadata(type)?.category === category
    );
  }

  /**
   * Finds module types that have all of some words in their name, category or description.
   *
   * @example By words
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { createModuleRegistry } from "@spiraltorch/spiraltorch/nn";
   *
   * assertEquals(createModuleRegistry().search("top metric"), ["top_k_accuracy"]);
   * ```
   *
   * @param query The words.
   * @returns Their names: the one that is the query, then those that have its words, then the others.
   */
  search(query: string): string[] {
    assertText("a search for modules", query);
    const entries = this.listModules().map((name) => ({
      ...this.#require(name).metadata,
      name,
    }));
    return searchEntries(entries, query).map(({ name }) => name);
  }

  /**
   * Describes the settings of a module type, or whole descriptions of models, for editors and forms.
   *
   * @param type Its name; descriptions of models if left out.
   * @returns JSON Schema, draft 2020-12.
   * @throws {NnError} `MODULE_UNKNOWN` with suggestions, if no type has that name.
   */
  jsonSchema(type?: string): JsonObject {
    if (type !== undefined) return this.#require(type).metadata.parameters;
    const types = this.listModules().map((name) => this.#require(name));
    return pipelineSchema(types.map(({ metadata }) => metadata));
  }

  /** Replaces what was made of parts by what makes it; gives nothing where nobody knows that. */
  #describeParts(
    { metadata, parts }: RegisteredModule,
    config: object,
  ): DescribedModule | undefined {
    const settings: Record<string, unknown> = { ...config };
    for (const key of parts.keys()) {
      const part = settings[key];
      if (typeof part !== "function") continue;
      const described = this.describe(part as Built);
      if (!described) return undefined;
      settings[key] = { name: described.type, ...described.config };
    }
    return { type: metadata.moduleType, config: settings };
  }

  /** Checks a config, with the types that its parts name. */
  #check(module: RegisteredModule, config: unknown): CheckedConfig {
    return checkWithParts(module, config, (part, kind) => {
      const named = this.#modules.get(part.type)?.module;
      if (named && builtKind(named.metadata.category) === kind) {
        return this.#check(named, part.config);
      }
      const types = this.listModules().map((name) => this.#require(name))
        .map(({ metadata }) => metadata);
      const issue = typeUnknown(part.type, { path: "", kind, types });
      return { config: undefined, issues: [issue] };
    });
  }

  /** Makes what the parts of a config name, which was checked. */
  async #withParts(
    { parts }: RegisteredModule,
    config: object,
  ): Promise<object> {
    const made = new Map<string, Built>();
    for (const key of parts.keys()) {
      const part = namedPart(Reflect.get(config, key));
      if (part) made.set(key, await this.create(part.type, part.config));
    }
    return made.size === 0
      ? config
      : { ...config, ...Object.fromEntries(made) };
  }

  #require(type: string): RegisteredModule {
    assertText("a type of module", type);
    const entry = this.#modules.get(type);
    if (!entry) throw moduleUnknown(type, this.#modules.keys());
    return entry.module;
  }

  #remove(entry: Entry): void {
    const { metadata } = entry.module;
    const isSeen = this.#modules.remove(metadata.moduleType, entry);
    // What was covered, or taken out before, is nothing that anybody has seen go.
    if (isSeen) this.#onChange({ kind: "unregistered", metadata });
  }
}

async function callFactory(
  { metadata, create }: RegisteredModule,
  config: object,
  options: FactoryOptions,
): Promise<Built> {
  try {
    return await create(config, options);
  } catch (error) {
    if (isModuleLoop(error)) throw error;
    const { moduleType } = metadata;
    throw moduleFactoryFailed(moduleType, messageOf(error), { cause: error });
  }
}

function isInference(value: ShapeInference): boolean {
  if (Array.isArray(value)) {
    return value.every((size: unknown) =>
      typeof size === "string" || Number.isSafeInteger(size)
    );
  }
  return typeof value === "object" && value !== null && "wanted" in value &&
    typeof value.wanted === "string";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : printable(String(error));
}
