import type {
  ControlOptions,
  DynamicPluginLoader,
  FetchLimits,
  IndexOptions,
  KeepOptions,
  LogRecord,
  PluginEventBus,
  PluginRegistry,
  SandboxLimits,
  WorkerOptions,
} from "../core/mod.ts";
import type { Backend, BackendName, BackendRegistry } from "../kernels/mod.ts";
import type {
  BuildPipelineOptions,
  ModuleDiscoveryRegistry,
  ParsePipelineOptions,
  Pipeline,
  SequencerHub,
  Sequential,
} from "../nn/mod.ts";
import type {
  FallbackMode,
  OperatorRegistry,
  OperatorRegistryOptions,
} from "../ops/mod.ts";

/** How an ecosystem is made. */
export interface EcosystemOptions
  extends KeepOptions, ControlOptions, WorkerOptions {
  /**
   * What computes: a name, or a backend of the caller's, which the caller disposes. One that is given
   * becomes the default of the whole process until the ecosystem is disposed. `auto` keeps the default,
   * which is `wasm` unless somebody has chosen another one; `webgpu` only computes where it is asked for,
   * since small tensors are computed sooner without.
   *
   * @default {"auto"}
   */
  readonly backend?: BackendName | Backend;
  /** What paths of plugins are relative to; without it, specifiers must be URLs. */
  readonly baseUrl?: string | URL;
  /**
   * Tells whether an operator may be added under a name that is not its owner's: covering one of the
   * library for calls by name, or as another version beside one that somebody else has added. Never if
   * left out.
   */
  readonly canOverride?: NonNullable<OperatorRegistryOptions["canOverride"]>;
  /** How much time and memory a sandboxed plugin may take, where that is not the default. */
  readonly limits?: Partial<SandboxLimits>;
  /** How much is fetched for one plugin, where that is not the default. */
  readonly fetchLimits?: Partial<FetchLimits>;
  /** A file to which each decision about a plugin's permissions is added as a line of JSON. */
  readonly auditFile?: string;
  /**
   * What is done where a backend, or an operator's kernel for it, cannot compute a call: `next` lets what
   * comes next do it, after other backends `wasm` and then `reference`; it is logged and published as
   * `BackendFallback`, once for each operator, backend and reason. `error` refuses with `DISPATCH_FAILED`.
   * Holds for the whole process until the ecosystem is disposed.
   *
   * @default {"next"}
   */
  readonly fallback?: FallbackMode;
  /** Where plugins are looked up that are asked for by their ids, `acme.swish`; nowhere if left out. */
  readonly index?: IndexOptions;
  /** Ranges that replace those that plugins ask for, by id of the plugin they ask for. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Where log lines go, those of plugins too; nowhere if left out. */
  readonly log?: (record: LogRecord) => void;
  /** Shuts the ecosystem down when it is aborted. */
  readonly signal?: AbortSignal;
}

/** How a config becomes a model: variables, overrides and includes, and the seed of the weights. */
export interface RecipeOptions
  extends BuildPipelineOptions, ParsePipelineOptions {}

/** Plugins, operators, modules, events and a backend that belong together. */
export interface Ecosystem extends AsyncDisposable {
  /** The plugins that are active. */
  readonly plugins: PluginRegistry;
  /** Loads plugins from files and servers. */
  readonly loader: DynamicPluginLoader;
  /** Carries what happens. */
  readonly events: PluginEventBus;
  /** Operators, built in and of plugins. */
  readonly operators: OperatorRegistry;
  /** Modules, losses and optimizers, built in and of plugins. */
  readonly modules: ModuleDiscoveryRegistry;
  /** Sequencers, and the plugins that watch them. */
  readonly zspace: SequencerHub;
  /** Backends by name, built in and of plugins. */
  readonly backends: BackendRegistry;
  /** What computes now. */
  readonly backend: Backend;
  /**
   * Chooses what computes from now on, here and by default in the whole process, until the ecosystem is
   * disposed. When a plugin goes whose backend was chosen, what was chosen before it computes again.
   *
   * @param backend A backend, which the caller disposes; or the name of one, which is made once for this
   * ecosystem and goes with it. `auto` takes all choices back.
   * @returns What computes.
   * @throws {BackendError} `BACKEND_UNKNOWN`, `BACKEND_UNAVAILABLE` or `BACKEND_FAILED` if it cannot be
   * had; what computed goes on then.
   * @throws {RuntimeError} `ECOSYSTEM_CLOSED` after the end of the ecosystem.
   */
  useBackend(backend: string | Backend): Promise<Backend>;
  /**
   * Builds a model from a config, all of whose types are looked up in `modules`.
   *
   * @param config YAML or JSON text, or what parsing it gave.
   * @param options Variables, overrides and includes, and the seed of its weights.
   * @returns The model.
   * @throws {NnError} `PIPELINE_INVALID` with every issue; nothing is built then.
   */
  pipeline(
    config: unknown,
    options?: RecipeOptions,
  ): Promise<Sequential>;
  /**
   * Builds a model from a config, with the loss and the optimizer that the config names.
   *
   * @param config YAML or JSON text, or what parsing it gave.
   * @param options Variables, overrides and includes, and the seed of its weights.
   * @returns The model, the loss and the optimizer.
   * @throws {NnError} `PIPELINE_INVALID` with every issue; nothing is built then.
   */
  recipe(config: unknown, options?: RecipeOptions): Promise<Pipeline>;
}
