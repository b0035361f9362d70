/**
 * Where everything meets: an ecosystem of plugins, operators, modules and a backend, and what touches
 * the terminal and files.
 *
 * @module
 */

export { createEcosystem } from "./create_ecosystem.ts";
export {
  globalOperatorRegistry,
  globalRegistry,
  initPluginSystem,
  resetPluginSystem,
} from "./default_ecosystem.ts";
export type {
  Ecosystem,
  EcosystemOptions,
  RecipeOptions,
} from "./ecosystem.ts";
export { ERROR_CODES as RUNTIME_ERROR_CODES, RuntimeError } from "./errors.ts";
// Not from its own file: a module that Deno knows as text only cannot be imported later.
export {
  type BackendRegistrar,
  definePlugin,
  type FoundOperator,
  type ModuleContribution,
  type ModuleRegistrar,
  type OperatorRegistrar,
  type Plugin,
  type PluginContext,
  ZSPACE_CAPABILITY,
  ZSPACE_TRACE_EVENT,
  type ZSpaceAdapterOptions,
  ZSpacePluginAdapter,
} from "./plugin/mod.ts";
export {
  ZSpacePluginRegistry,
  ZSpacePlugins,
} from "./zspace/sequencer_registry.ts";
export { checkpointFile } from "./checkpoint_file.ts";
export { terminal } from "./terminal.ts";
export { VERSION } from "./version.ts";
export { loadGraph, saveGraph } from "./graph_file.ts";
export {
  type GgufFile,
  loadSafetensors,
  openGguf,
  openSafetensors,
  type SafetensorsFile,
  saveSafetensors,
} from "./weights_file.ts";
