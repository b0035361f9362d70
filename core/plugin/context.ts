/**
 * What one plugin may touch. Everything done through it is owned by the plugin and undone when the
 * plugin goes, newest first.
 *
 * @module
 */
import type { Json } from "../base/mod.ts";
import type {
  EventInput,
  Listener,
  ListenOptions,
  Subscription,
} from "../events/event.ts";

/** The plugin's door to the host. Every call after the plugin has gone throws `CONTEXT_DISPOSED`. */
export interface PluginContext {
  /** Id of the plugin. */
  readonly pluginId: string;
  /** Version of the plugin. */
  readonly version: string;
  /** Aborted when the plugin goes or its load fails, before anything is undone. */
  readonly signal: AbortSignal;
  /** Writes to the host's log under the plugin's name. */
  readonly log: PluginLog;
  /** The plugin's own settings. */
  readonly config: PluginConfigView;
  /** Objects that plugins offer to each other. */
  readonly services: PluginServices;
  /** Adds operators. */
  readonly operators: Registrar;
  /** Adds modules, losses, optimizers. */
  readonly modules: Registrar;
  /** Adds backends. */
  readonly backends: Registrar;
  /**
   * Listens to events.
   *
   * @param type An event kind, a custom event type, a namespace such as `acme.*`, or `*` for all.
   * @param listener What to call.
   * @param options For how long to listen, and before whom.
   * @returns The subscription; disposing it early is allowed.
   * @throws {PluginError} `EVENT_TYPE_INVALID` if no event is routed by `type`.
   */
  subscribe(
    type: string,
    listener: Listener,
    options?: ListenOptions,
  ): Subscription;
  /**
   * Announces an event under the plugin's name.
   *
   * @param event The event.
   * @throws {PluginError} `EVENT_TYPE_RESERVED` for the kinds that speak for the host.
   */
  publish(event: EventInput): void;
  /**
   * Owns a resource.
   *
   * @param resource What to dispose when the plugin goes.
   * @returns The same resource.
   */
  use<R extends Disposable | AsyncDisposable>(resource: R): R;
  /**
   * Owns a clean-up.
   *
   * @param callback What to call when the plugin goes.
   */
  onDispose(callback: () => void | Promise<void>): void;
}

/** Adds entries to one slot, and finds those of others. */
export interface Registrar {
  /**
   * Adds an entry.
   *
   * @param definition The entry.
   * @returns The registration; disposing it early is allowed.
   * @throws {PluginError} `CONTRIBUTION_POINT_MISSING` if this registry has no such slot.
   */
  register(definition: object): Disposable;
  /**
   * Finds an entry of the library or of another plugin.
   *
   * @param name Name of the entry.
   * @returns The entry, or `undefined`. Inside a sandbox, where the host cannot be asked, what stands
   * for an entry of that name.
   */
  find(name: string): object | undefined;
}

/** How serious a log line is. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** One line of the log. */
export interface LogRecord {
  /** How serious it is. */
  readonly level: LogLevel;
  /** Who wrote it: a plugin's id or `host`. */
  readonly source: string;
  /** What it says. */
  readonly message: string;
  /** Values that go with it. */
  readonly fields: Readonly<Record<string, Json>>;
}

/** Writes log lines under the plugin's name. */
export type PluginLog = {
  readonly [Level in LogLevel]: (
    message: string,
    fields?: Readonly<Record<string, Json>>,
  ) => void;
};

/** A plugin's settings: what the host gave, with what the plugin set on top. */
export interface PluginConfigView {
  /**
   * Reads a setting.
   *
   * @param key Its name.
   * @returns A frozen copy, or `undefined`.
   */
  get(key: string): Json | undefined;
  /**
   * Changes a setting for as long as the plugin lives.
   *
   * @param key Its name.
   * @param value Plain data; it is copied.
   * @throws {PluginError} `CONFIG_INVALID` if the name is blank or the value is no plain data.
   */
  set(key: string, value: Json): void;
  /**
   * Takes back what `set` did.
   *
   * @param key Its name.
   * @returns Whether the plugin had set it.
   */
  unset(key: string): boolean;
  /**
   * Lists the settings.
   *
   * @returns Pairs, sorted by key.
   */
  list(): readonly (readonly [key: string, value: Json])[];
  /**
   * Takes back what `set` did for many settings.
   *
   * @param prefix How their names begin; all of them if left out.
   * @returns The names, sorted.
   */
  clear(prefix?: string): readonly string[];
}

/** Objects that plugins offer to each other by name. */
export interface PluginServices {
  /**
   * Offers an object as `<pluginId>/<name>`.
   *
   * @param name Name without `/`.
   * @param service The object.
   * @param options Whether it takes the place of one that the plugin offers already.
   * @returns The registration; disposing it early is allowed.
   * @throws {PluginError} `SERVICE_EXISTS` if the plugin offers one of this name.
   */
  provide(
    name: string,
    service: object,
    options?: { readonly replace?: boolean },
  ): Disposable;
  /**
   * Finds a service: the plugin's own, else the only one among its dependencies, else the only one.
   *
   * @param name A bare or a qualified name.
   * @returns The service, or `undefined`.
   * @throws {PluginError} `SERVICE_AMBIGUOUS` if several fit a bare name equally.
   */
  get<Service extends object = object>(name: string): Service | undefined;
  /**
   * Finds a service that must be there.
   *
   * @param name A bare or a qualified name.
   * @param guard Tells whether the service is what is expected.
   * @returns The service.
   * @throws {PluginError} `SERVICE_MISSING` if there is none; `SERVICE_AMBIGUOUS`;
   * `SERVICE_TYPE_MISMATCH` if the guard refuses it or throws.
   */
  require<Service extends object = object>(
    name: string,
    guard?: (service: object) => boolean,
  ): Service;
  /**
   * Lists all services.
   *
   * @returns Qualified names, sorted.
   */
  list(): readonly string[];
}
