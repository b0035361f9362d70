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

/** Settings that can be read. */
export interface ConfigReader {
  /**
   * Reads a setting.
   *
   * @param key Its name.
   * @returns A frozen copy, or `undefined`.
   */
  get(key: string): Json | undefined;
  /**
   * Lists the settings.
   *
   * @returns Pairs, sorted by key.
   */
  list(): readonly (readonly [key: string, value: Json])[];
  /**
   * Hears of changes of any of the settings, as `watch` of one of them.
   *
   * @param watcher Told what `list` would give now.
   * @returns The subscription; disposing it early is allowed.
   */
  watchAll(
    watcher: (
      entries: readonly (readonly [key: string, value: Json])[],
    ) => void | Promise<void>,
  ): Subscription;
  /**
   * Hears of changes of a setting: after each change, in order.
   *
   * @param key Its name.
   * @param watcher Told what it is now; `undefined` once it is gone.
   * @returns The subscription; disposing it early is allowed.
   */
  watch(
    key: string,
    watcher: (value: Json | undefined) => void | Promise<void>,
  ): Subscription;
}

/** Settings that can be changed, for as long as the plugin lives. */
export interface ConfigWriter extends ConfigReader {
  /**
   * Changes a setting for as long as the plugin lives.
   *
   * @param key Its name.
   * @param value Plain data; it is copied.
   * @throws {PluginError} `CONFIG_INVALID` if the name is blank, the value is no plain data, or the
   * plugin's `configSchema` refuses it; `CONFIG_OWNED` if it is shared and another plugin's;
   * `EVENT_LOOP` if watchers keep changing what they watch.
   */
  set(key: string, value: Json): void;
  /**
   * Takes back what `set` did.
   *
   * @param key Its name.
   * @returns Whether the plugin had set it.
   * @throws {PluginError} `CONFIG_INVALID` if the plugin's `configSchema` refuses what is left.
   */
  unset(key: string): boolean;
  /**
   * Takes back what `set` did for many settings.
   *
   * @param prefix How their names begin; all of them if left out.
   * @returns The names, sorted.
   */
  clear(prefix?: string): readonly string[];
}

/** A plugin's settings: what the host gave, with what the plugin set on top. */
export interface PluginConfigView extends ConfigWriter {
  /**
   * Looks at the settings of another plugin.
   *
   * @param pluginId Id of the plugin, which need not be there.
   * @returns Its settings, as they are whenever they are read.
   */
  of(pluginId: string): ConfigReader;
  /** The settings that all plugins share. Each belongs to the plugin that has set it. */
  readonly shared: ConfigWriter;
}

/** How a service is offered. */
export interface ProvideOptions {
  /** Whether it takes the place of one that the plugin offers already. */
  readonly replace?: boolean;
  /** Its version; the plugin's own if left out. */
  readonly version?: string;
}

/** A service, with who offers it. */
export interface ServiceOffer {
  /** Its qualified name, `<pluginId>/<name>`. */
  readonly name: string;
  /** Its version, if it has one. */
  readonly version?: string;
  /** The object. */
  readonly service: object;
}

/** Which services will do. */
export interface ServiceOptions {
  /** The range of versions that will do; any if left out. */
  readonly version?: string;
}

/** Objects that plugins offer to each other by name. */
export interface PluginServices {
  /**
   * Offers an object as `<pluginId>/<name>`.
   *
   * @param name Name without `/`.
   * @param service The object.
   * @param options Its version, and whether it takes the place of one that the plugin offers already.
   * @returns The registration; disposing it early is allowed.
   * @throws {PluginError} `SERVICE_EXISTS` if the plugin offers one of this name.
   * @throws {OptionError} `INVALID_OPTION` if the name or the version is none.
   */
  provide(name: string, service: object, options?: ProvideOptions): Disposable;
  /**
   * Finds a service: the plugin's own, else the only one among its dependencies, else the only one.
   *
   * @param name A bare or a qualified name.
   * @param options Which versions will do.
   * @returns The service, or `undefined`.
   * @throws {PluginError} `SERVICE_AMBIGUOUS` if several fit a bare name equally.
   */
  get<Service extends object = object>(
    name: string,
    options?: ServiceOptions,
  ): Service | undefined;
  /**
   * Finds a service as `get` does, and tells who offers it.
   *
   * @param name A bare or a qualified name.
   * @param options Which versions will do.
   * @returns The service with its qualified name and its version, or `undefined`.
   * @throws {PluginError} `SERVICE_AMBIGUOUS` if several fit a bare name equally.
   */
  find(name: string, options?: ServiceOptions): ServiceOffer | undefined;
  /**
   * Finds a service that must be there.
   *
   * @param name A bare or a qualified name.
   * @param guard Tells whether the service is what is expected.
   * @param options Which versions will do.
   * @returns The service.
   * @throws {PluginError} `SERVICE_MISSING` if there is none; `SERVICE_VERSION` if there is one of
   * another version; `SERVICE_AMBIGUOUS`; `SERVICE_TYPE_MISMATCH` if the guard refuses it or throws.
   */
  require<Service extends object = object>(
    name: string,
    guard?:
      | ((service: object) => service is Service)
      | ((service: object) => boolean),
    options?: ServiceOptions,
  ): Service;
  /**
   * Finds a service that must be there, to be kept: what is returned stands for whatever its provider
   * offers under the name, so it goes on after a replacement or a reload, and fails with a code once
   * the provider has gone. Its members can be read, set and called.
   *
   * @param name A bare or a qualified name.
   * @param options Which versions will do.
   * @returns What stands for the service; using it throws `SERVICE_REVOKED` when there is none.
   * @throws {PluginError} `SERVICE_MISSING`, `SERVICE_VERSION`, `SERVICE_AMBIGUOUS`, as `require`.
   */
  keep<Service extends object = object>(
    name: string,
    options?: ServiceOptions,
  ): Service;
  /**
   * Hears of changes of a service: when it is provided, replaced, removed.
   *
   * @param name A bare or a qualified name.
   * @param watcher Told what `get` would give now.
   * @returns The subscription; disposing it early is allowed.
   */
  watch(
    name: string,
    watcher: (service: object | undefined) => void | Promise<void>,
  ): Subscription;
  /**
   * Hears of changes of all services: when one is provided, replaced, removed.
   *
   * @param watcher Told what `list` would give now.
   * @returns The subscription; disposing it early is allowed.
   */
  watchAll(
    watcher: (names: readonly string[]) => void | Promise<void>,
  ): Subscription;
  /**
   * Lists all services.
   *
   * @returns Qualified names, sorted.
   */
  list(): readonly string[];
}
