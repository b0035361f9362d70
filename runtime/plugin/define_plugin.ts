import type { JsonObject, RandomKey } from "../../core/base/mod.ts";
import type { Plugin as AnyPlugin } from "../../core/plugin/plugin.ts";
import type {
  PluginContext as AnyPluginContext,
  Registrar,
} from "../../core/plugin/context.ts";
import type { BackendDefinition } from "../../kernels/mod.ts";
import type { ModuleCategory } from "../../nn/discovery/category.ts";
import type { Built } from "../../nn/discovery/definition.ts";
import type { OperatorDefinition } from "../../ops/define/definition.ts";
import type { Attributes, Operator } from "../../ops/graph/node.ts";
import type { Tensor, TensorLike } from "../../ops/tensor.ts";

/** An operator found by name; its attributes follow the inputs. */
export type FoundOperator = (
  ...inputs: readonly (TensorLike | Attributes)[]
) => Tensor;

/** Adds operators, and finds those of others. */
export interface OperatorRegistrar extends Registrar {
  /**
   * Adds an operator, which goes with the plugin.
   *
   * @param definition What `defineOperator` takes or gives.
   * @returns The registration; disposing it early is allowed.
   */
  register(definition: OperatorDefinition | Operator): Disposable;
  /**
   * Finds an operator of the library or of another plugin.
   *
   * @param name Its name.
   * @returns What records a call of it; a name that nobody has is reported when it is called, or when
   * the recorded call reaches the host.
   */
  find(name: string): FoundOperator;
}

/** A type of module that a plugin brings. */
export interface ModuleContribution {
  /** Name by which configs call it, `gated_unit`. */
  readonly type: string;
  /** Name shown to people. */
  readonly displayName?: string;
  /** One sentence about what it does. */
  readonly description: string;
  /** Kind of module, `Activation`. */
  readonly category: ModuleCategory;
  /** What its config may be: a JSON Schema. */
  readonly config: JsonObject;
  /** Says that the output has the input's shape. Left out, the shape is not known before it runs. */
  readonly inferShape?: "same";
  /**
   * Makes a module, a loss, a metric, an initializer or an optimizer, as the category says; inline, what
   * schedules, augments or takes part in training too. In a sandbox an optimizer is recorded as the rule
   * for one parameter: what it remembers has the parameter's name in its own, or depends on no parameter,
   * and is one number at first.
   *
   * @param config A config that fits the schema, with its defaults filled in.
   * @param options What its weights depend on.
   */
  create(
    config: JsonObject,
    options: { readonly seed: RandomKey },
  ): Built | Promise<Built>;
}

/** Adds types of modules. */
export interface ModuleRegistrar extends Registrar {
  /**
   * Adds a type of module, which goes with the plugin.
   *
   * @param definition The type.
   * @returns The registration; disposing it early is allowed.
   */
  register(definition: ModuleContribution): Disposable;
}

/** Adds backends; for plugins that run inline. */
export interface BackendRegistrar extends Registrar {
  /**
   * Adds a backend, which goes with the plugin.
   *
   * @param definition The backend.
   * @returns The registration; disposing it early is allowed.
   * @throws {PluginError} `UNAVAILABLE_IN_SANDBOX` in a sandbox, where no array of the host's is.
   */
  register(definition: BackendDefinition): Disposable;
}

/** A plugin's door to the host. */
export interface PluginContext extends AnyPluginContext {
  /** Adds operators, and finds those of others. */
  readonly operators: OperatorRegistrar;
  /** Adds types of modules. */
  readonly modules: ModuleRegistrar;
  /** Adds backends; for plugins that run inline. */
  readonly backends: BackendRegistrar;
}

/** A plugin: who it is and what it does when it comes, goes and is told something. */
export type Plugin = AnyPlugin<PluginContext>;

/**
 * Makes a plugin of an object: it returns it as it is, with its types checked. A plugin's module has
 * it as its default export.
 *
 * @param plugin The plugin.
 * @returns The same object.
 */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
