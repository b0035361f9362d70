import type { Json } from "../base/mod.ts";
import { pluginNotInline } from "../errors.ts";
import type { Subscription } from "../events/event.ts";
import type { DependencyTargets } from "../resolve/check_dependencies.ts";
import { Announcements } from "./announcements.ts";
import type { ConfigSchema } from "./config_schema.ts";
import { Settings } from "./config_store.ts";
import type { PluginContext } from "./context.ts";
import { createContext } from "./create_context.ts";
import { EventInlet } from "./event_inlet.ts";
import type { Isolation } from "./isolation.ts";
import type {
  ParsedMetadata,
  Plugin,
  PluginHandle,
  PluginState,
} from "./plugin.ts";
import type { PluginHost } from "./plugin_host.ts";
import { createPluginLog } from "./plugin_log.ts";
import { PluginScope } from "./scope.ts";

/** Plugins that are loaded together: all of them or none. */
export interface LoadSet {
  /** Whether it is not sure yet that they stay. Until then no other plugin may depend on them. */
  isOpen: boolean;
}

/** A plugin that has been checked and may be loaded. */
export interface Admission {
  /** The plugin. */
  readonly plugin: Plugin;
  /** Its metadata, as it was read. */
  readonly metadata: ParsedMetadata;
  /** How far it is kept from the host. */
  readonly isolation: Isolation;
  /** Where it came from. */
  readonly source: string;
  /** How long each of its hooks may take, in milliseconds; 0 sets no limit. */
  readonly timeoutMs: number;
  /** What the host set for it. */
  readonly hostConfig: ReadonlyMap<string, Json>;
  /** What its settings must be. */
  readonly configSchema: ConfigSchema | undefined;
  /** What the host offers to it alone, by name. */
  readonly ownServices: Readonly<Record<string, object>>;
  /** What it depends on in fact. */
  readonly targets: DependencyTargets;
}

/** What comes before a record. */
export interface RecordOrigin {
  /** The set it is loaded with. */
  readonly loadSet: LoadSet;
  /** Which generation of the plugin it is, counted from 1: each reload begins the next one. */
  readonly generation?: number;
}

/** One plugin in a registry, from the moment its load begins until it is gone. */
export interface PluginRecord extends Admission {
  /** The set it is loaded with. */
  readonly loadSet: LoadSet;
  /** Which generation of the plugin it is, counted from 1. */
  readonly generation: number;
  /** Owns what it does. */
  readonly scope: PluginScope;
  /** Brings it its events. */
  readonly inlet: EventInlet;
  /** What its hooks are handed. */
  readonly context: PluginContext;
  /** What is to be told about its contributions. */
  readonly announcements: Announcements;
  /** Says how many of its log lines have been dropped. */
  readonly flushLog: () => void;
  /** What the host's code holds of it. */
  readonly handle: PluginHandle;
  /** Where it stands. */
  state: PluginState;
  /** The subscriptions of its `onEvent`. */
  hookSubscriptions: readonly Subscription[];
  /** Whether `SystemInit` has been published to it. */
  hasSeenInit: boolean;
  /** The generation that is about to take its place. */
  next: PluginRecord | undefined;
}

/**
 * Makes the record of a plugin whose load begins.
 *
 * @param host What all plugins share.
 * @param admission The plugin.
 * @param origin The set it is loaded with, and its generation.
 * @returns The record.
 */
export function createRecord(
  host: PluginHost,
  admission: Admission,
  { loadSet, generation = 1 }: RecordOrigin,
): PluginRecord {
  const { metadata, timeoutMs, hostConfig, configSchema, targets } = admission;
  const { id } = metadata;
  const { clock } = host;
  const scope = new PluginScope(id, { clock, timeoutMs });
  const inlet = new EventInlet(id, host.events, scope);
  const assertOpen = () => scope.assertOpen();
  const write = host.log;
  const { log, flush } = createPluginLog({
    pluginId: id,
    clock,
    write,
    assertOpen,
  });
  const announcements = new Announcements(id, write);
  const parts = {
    metadata,
    ownServices: admission.ownServices,
    dependencies: [...targets.needs.values(), ...targets.likes],
    generation,
    scope,
    inlet,
    announcements,
    log,
    settings: new Settings({
      pluginId: id,
      host: hostConfig,
      schema: configSchema,
    }),
  };
  const status: { state: PluginState } = { state: "loading" };
  return {
    ...admission,
    loadSet,
    generation,
    scope,
    inlet,
    context: createContext(host, parts),
    announcements,
    flushLog: flush,
    handle: createHandle(admission, scope, status),
    get state() {
      return status.state;
    },
    set state(state) {
      status.state = state;
    },
    hookSubscriptions: [],
    hasSeenInit: false,
    next: undefined,
  };
}

function createHandle(
  { plugin, metadata, isolation }: Admission,
  scope: PluginScope,
  status: { readonly state: PluginState },
): PluginHandle {
  const { id, version } = metadata;
  return Object.freeze({
    id,
    version,
    metadata,
    isolation,
    get state() {
      return status.state;
    },
    instance<T extends Plugin>(): T {
      if (isolation !== "inline") throw pluginNotInline(id, isolation);
      // Whoever asks says which class of plugin it registered.
      return plugin as T;
    },
    contributions: () => scope.labels(),
  });
}
