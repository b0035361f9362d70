/**
 * What host and guest say to each other. Types only: the guest needs no more, and the host parses
 * whatever arrives into them (`parse_message.ts`).
 *
 * A plugin is named by its index in the guest's module, what it owns by a slot number that the
 * guest chooses, a request by an id that the host chooses.
 *
 * @module
 */
import type { Json, JsonObject } from "../base/mod.ts";
import type { LogLevel } from "../plugin/context.ts";
import type { WireError } from "./wire_error.ts";

/** Name of a slot that plugins add to. */
export type PointName = "operators" | "modules" | "backends";

/** Hooks that run as requests of the host. */
export type HookName =
  | "onLoad"
  | "onUnload"
  | "saveState"
  | "restoreState"
  | "healthCheck";

/** What one version of a plugin leaves to the next. */
export type Handover = {
  /** What it has saved, written as events are. */
  readonly state: Json;
  /** Its version. */
  readonly from: string;
};

/**
 * How a service is wanted: as the object that is there now, if there is one; as one that must be there;
 * as whatever its provider offers under the name.
 */
export type ServiceUse = "get" | "require" | "keep";

/** What a guest knows of a service: its full name, its version, and its methods if it is no function. */
export type WireOffer = readonly [
  name: string,
  version: string | null,
  methods: readonly string[] | null,
];

/** Who one plugin of the guest's module is. */
export interface GuestPlugin {
  /** Its metadata, as the plugin wrote it. */
  readonly metadata: Json;
  /** Whether it has an `onUnload`. */
  readonly hasOnUnload: boolean;
  /** Whether it has an `onEvent`. */
  readonly hasOnEvent: boolean;
  /** Whether it has a `saveState`. */
  readonly hasSaveState: boolean;
  /** Whether it has a `restoreState`. */
  readonly hasRestoreState: boolean;
  /** Whether it has a `healthCheck`. */
  readonly hasHealthCheck: boolean;
  /** The types of event that its `onEvent` wants; all of them if `null`. */
  readonly eventTypes: readonly string[] | null;
}

/** From the host. */
export type HostMessage =
  /** Evaluate the plugin's module. */
  | { readonly kind: "import"; readonly url: string }
  /**
   * Run a hook. `config` are the plugin's settings, pairs sorted by key; `handover` is for
   * `restoreState`. The answer to `saveState` is what was saved, that to `healthCheck` is `false` if
   * that is what the hook gave.
   */
  | {
    readonly kind: "hook";
    readonly id: number;
    readonly plugin: number;
    readonly hook: HookName;
    readonly config: readonly (readonly [key: string, value: Json])[];
    readonly handover: Handover | null;
  }
  /** Deliver an event: to the listener in a slot, or to `onEvent` if that is `null`. */
  | {
    readonly kind: "event";
    readonly id: number;
    readonly plugin: number;
    readonly slot: number | null;
    readonly event: Json;
    readonly info: Json;
  }
  /** Run the clean-up in a slot. */
  | {
    readonly kind: "cleanUp";
    readonly id: number;
    readonly plugin: number;
    readonly slot: number;
  }
  /** Say that you are there. */
  | { readonly kind: "ping"; readonly id: number }
  /** Call a function that the plugin handed out. */
  | {
    readonly kind: "call";
    readonly id: number;
    readonly handle: number;
    readonly args: Json;
  }
  /** What a call of a service came to. */
  | {
    readonly kind: "answered";
    readonly plugin: number;
    readonly id: number;
    readonly value: Json;
  }
  /** How a call of a service failed. */
  | {
    readonly kind: "refused";
    readonly plugin: number;
    readonly id: number;
    readonly error: WireError;
  }
  /** The services that are there now, in the order of their names. */
  | {
    readonly kind: "services";
    readonly plugin: number;
    readonly offers: readonly WireOffer[];
  }
  /** A service that is watched has come, changed or gone; `slot` is the watch. */
  | {
    readonly kind: "serviceChanged";
    readonly plugin: number;
    readonly slot: number;
    readonly isThere: boolean;
  }
  /**
   * The settings of a plugin as they are now, or those that all share, pairs sorted by key. `refused`
   * is the key of a shared setting that the plugin could not set.
   */
  | {
    readonly kind: "settings";
    readonly plugin: number;
    readonly of: string;
    readonly entries: readonly (readonly [key: string, value: Json])[];
    readonly refused: string | null;
  }
  /** Abort the plugin's signal. */
  | { readonly kind: "abort"; readonly plugin: number }
  /** The plugin is gone. */
  | { readonly kind: "end"; readonly plugin: number };

/** What a plugin does through its context. */
export type PluginMessage =
  /** It adds an entry to a point. */
  | {
    readonly kind: "register";
    readonly plugin: number;
    readonly slot: number;
    readonly point: PointName;
    readonly data: Json;
  }
  /** It listens to events. */
  | {
    readonly kind: "subscribe";
    readonly plugin: number;
    readonly slot: number;
    readonly type: string;
    readonly priority: number;
  }
  /** It owns a clean-up. */
  | { readonly kind: "own"; readonly plugin: number; readonly slot: number }
  /** It gives up what is in a slot. */
  | { readonly kind: "release"; readonly plugin: number; readonly slot: number }
  /** It announces an event. */
  | { readonly kind: "publish"; readonly plugin: number; readonly event: Json }
  /** It changes a setting. */
  | {
    readonly kind: "setConfig";
    readonly plugin: number;
    readonly key: string;
    readonly value: Json;
  }
  /** It takes back a changed setting. */
  | {
    readonly kind: "unsetConfig";
    readonly plugin: number;
    readonly key: string;
  }
  /** It changes a setting that all plugins share. */
  | {
    readonly kind: "setShared";
    readonly plugin: number;
    readonly key: string;
    readonly value: Json;
  }
  /** It takes a shared setting back. */
  | {
    readonly kind: "unsetShared";
    readonly plugin: number;
    readonly key: string;
  }
  /**
   * It offers a service. `handle` takes the name of a method and its arguments; without a list of
   * methods, the service is a function.
   */
  | {
    readonly kind: "provide";
    readonly plugin: number;
    readonly slot: number;
    readonly name: string;
    readonly version: string | null;
    readonly replace: boolean;
    readonly methods: readonly string[] | null;
    readonly handle: number;
  }
  /** It wants a service, from now on to be called by its slot. */
  | {
    readonly kind: "useService";
    readonly plugin: number;
    readonly slot: number;
    readonly name: string;
    readonly version: string | null;
    readonly use: ServiceUse;
  }
  /** It calls a method of a service, or the service itself. */
  | {
    readonly kind: "callService";
    readonly plugin: number;
    readonly id: number;
    readonly slot: number;
    readonly method: string | null;
    readonly args: readonly Json[];
  }
  /** It wants to hear of changes of a service. */
  | {
    readonly kind: "watchService";
    readonly plugin: number;
    readonly slot: number;
    readonly name: string;
  }
  /** It writes a line to the log. */
  | {
    readonly kind: "log";
    readonly plugin: number;
    readonly level: LogLevel;
    readonly message: string;
    readonly fields: JsonObject;
  };

/** From the guest. */
export type GuestMessage =
  /** The bootstrap reads its pipe. */
  | { readonly kind: "hello" }
  /** The plugin's module has been evaluated. */
  | { readonly kind: "ready"; readonly plugins: readonly GuestPlugin[] }
  /** The plugin's module has been evaluated, but its default export is no plugin. */
  | { readonly kind: "noPlugin"; readonly found: string }
  /** The plugin's module could not be evaluated. */
  | { readonly kind: "importFailed"; readonly error: WireError }
  /** A line that some module wrote with `console`. */
  | {
    readonly kind: "console";
    readonly level: LogLevel;
    readonly message: string;
  }
  | PluginMessage
  /** A request has been carried out. */
  | { readonly kind: "done"; readonly id: number; readonly value: Json }
  /** A request has failed. */
  | { readonly kind: "failed"; readonly id: number; readonly error: WireError };
