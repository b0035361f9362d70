/**
 * Plugins: what they are, how they come and go, what they tell each other. Knows no tensors: what
 * plugins add goes into slots that the host brings along.
 *
 * @module
 */

export type { Clock, Coded, Issue, Json, JsonObject } from "./base/mod.ts";

export {
  ERROR_CODES as REGISTRY_ERROR_CODES,
  PluginError,
  type PluginFailure,
  type RegistryErrorCode,
} from "./errors.ts";

export {
  ERROR_CODES as LOADER_ERROR_CODES,
  type FetchLimit,
  type LoaderErrorCode,
} from "./loader/errors.ts";
export type { IndexOptions } from "./loader/index/plugin_index.ts";
export type { Fetch } from "./loader/fetch_options.ts";
export type { SandboxParts } from "./loader/start_sources.ts";
export type { KeepOptions } from "./loader/lockfile/keep_options.ts";
export type {
  GateAnswer,
  GateEncoding,
  GateFetchOptions,
  GateReadOptions,
  HostGate,
} from "./loader/gate/host_gate.ts";
export type { FetchLimits } from "./loader/limits.ts";
export type { LoadOptions } from "./loader/load_options.ts";
export type {
  RestartOptions,
  RestartPolicy,
} from "./loader/restart/restart_options.ts";
export type { PluginReport } from "./loader/loaded_source.ts";
export { DynamicPluginLoader } from "./loader/loader.ts";
export type { DynamicPluginLoaderOptions } from "./loader/loader_options.ts";
export type { PluginManifest } from "./loader/manifest/plugin_manifest.ts";
export type { WatchOptions, WatchReport } from "./loader/watch_options.ts";
export type { AuditRecord } from "./loader/policy/audit.ts";
export type { AskConsent, ConsentQuestion } from "./loader/policy/consent.ts";
export type { ControlOptions } from "./loader/policy/control_options.ts";
export type { PluginPolicy } from "./loader/policy/policy.ts";
export type { Registries } from "./loader/registries/registries.ts";
export { parseSpecifier, type SpecifierOptions } from "./loader/specifier.ts";
export { StaticPluginLoader } from "./loader/static_loader.ts";
export type { TaintReport, WorkerOptions } from "./loader/worker_taints.ts";

export { PluginEventBus } from "./events/bus.ts";
export type {
  EventBusOptions,
  PublishAsyncOptions,
  SubscribeOptions,
} from "./events/bus_options.ts";
export {
  ERROR_CODES as EVENT_ERROR_CODES,
  type EventErrorCode,
} from "./events/errors.ts";
export type {
  EventInfo,
  EventInput,
  EventKind,
  Listener,
  ListenOptions,
  PluginEvent,
  Subscription,
} from "./events/event.ts";
export { downcast, EVENT_KINDS, eventTypeOf } from "./events/event_type.ts";
export type {
  ListenerFailure,
  PublishReport,
} from "./events/publish_report.ts";

export type { PluginEntry, RegisterOptions } from "./plugin/admission.ts";
export {
  type NamedCapabilityKind,
  type ParseCapabilityOptions,
  type PlainCapabilityKind,
  PluginCapability,
} from "./plugin/capability.ts";
export type { ConfigSchema, SchemaResult } from "./plugin/config_schema.ts";
export type {
  ConfigReader,
  ConfigWriter,
  LogLevel,
  LogRecord,
  PluginConfigView,
  PluginContext,
  PluginLog,
  PluginServices,
  ProvideOptions,
  Registrar,
  ServiceOffer,
  ServiceOptions,
} from "./plugin/context.ts";
export type {
  Contribution,
  ContributionOptions,
  ContributionPoint,
} from "./plugin/contribution_point.ts";
export type {
  DrawGraphOptions,
  GraphDirection,
} from "./plugin/draw_dependencies.ts";
export type {
  DependencyPlace,
  ExplainedDependency,
  PluginExplanation,
} from "./plugin/dependency_views.ts";
export {
  type ContextErrorCode,
  ERROR_CODES as CONTEXT_ERROR_CODES,
} from "./plugin/errors.ts";
export {
  ERROR_CODES as RELOAD_ERROR_CODES,
  type ReloadErrorCode,
} from "./plugin/reload/errors.ts";
export type {
  Isolation,
  PermissionLists,
  PermissionRequest,
} from "./plugin/isolation.ts";
export { parseMetadata, type ParseMetadataOptions } from "./plugin/metadata.ts";
export type {
  ParsedMetadata,
  Plugin,
  PluginConfig,
  PluginHandle,
  PluginMetadata,
  PluginState,
} from "./plugin/plugin.ts";
export type { Foreseen } from "./plugin/foresee.ts";
export { PluginViews } from "./plugin/plugin_views.ts";
export { PluginRegistry } from "./plugin/registry.ts";
export type {
  PluginRegistryOptions,
  ReloadOptions,
  ReloadReport,
  ShutdownReport,
  UnregisterOptions,
} from "./plugin/registry_options.ts";

export {
  ERROR_CODES as RECORDER_ERROR_CODES,
  type RecorderErrorCode,
} from "./recorder/errors.ts";
export type { EventFlowOptions } from "./recorder/event_flow.ts";
export {
  type EventRecord,
  parseRecord,
  type RecorderDropped,
} from "./recorder/event_record.ts";
export {
  type EventRecorderOptions,
  type EventSnapshot,
  PluginEventRecorder,
} from "./recorder/event_recorder.ts";
export type { EventFilter } from "./recorder/event_tap.ts";
export {
  type JsonlFileOptions,
  type JsonlWriterOptions,
  PluginEventJsonlWriter,
} from "./recorder/jsonl_writer.ts";
export type { LineSink } from "./recorder/line_file.ts";

export {
  type Candidate,
  type Candidates,
  checkDependencies,
  type DependencyFailure,
  type DependencyOptions,
  type Dependent,
} from "./resolve/check_dependencies.ts";
export {
  type DependencyErrorCode,
  ERROR_CODES as DEPENDENCY_ERROR_CODES,
} from "./resolve/errors.ts";
export { findCycles } from "./resolve/find_cycles.ts";
export type { DependencyGraph } from "./resolve/graph.ts";
export { loadOrder } from "./resolve/load_order.ts";
export type {
  CandidateMetadata,
  Exclusion,
  LoadPlan,
  PluginSource,
  ResolveOptions,
} from "./resolve/plugin_source.ts";
export type {
  Derivation,
  Dispute,
  FailureKind,
  Fix,
  Reason,
} from "./resolve/derivation.ts";
export type {
  GraphOptions,
  GraphReport,
  UnsatisfiedDependency,
} from "./resolve/validate_graph.ts";
export {
  type Borders,
  complement,
  contains,
  formatRange,
  formatVersion,
  intersection,
  isEmpty,
  isRange,
  isSubset,
  isVersion,
  parseRange,
  parseVersion,
  satisfiesRange,
  simplifyRange,
  union,
  type Version,
  type VersionSet,
} from "./versions/mod.ts";

export type { Decoder, Decoders, Remote } from "./sandbox/decoder.ts";
export {
  type Death,
  ERROR_CODES as SANDBOX_ERROR_CODES,
  type SandboxErrorCode,
} from "./sandbox/errors.ts";
export type { GuestGraph, GuestSdk } from "./sandbox/guest_graph.ts";
export {
  DEFAULT_LIMITS,
  type OptionalLimit,
  type SandboxLimits,
  sandboxLimits,
} from "./sandbox/limits.ts";
export type { PointName } from "./sandbox/messages.ts";
export type { WorkerPermissions } from "./sandbox/worker_tier.ts";
export type { Reply } from "./sandbox/session.ts";
