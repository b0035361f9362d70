import type { Json } from "../../base/mod.ts";
import { compareText } from "../../base/mod.ts";
import type { Subscription } from "../../events/event.ts";
import type { ConfigSchema } from "../../plugin/config_schema.ts";
import { checkSettings } from "../../plugin/config_schema.ts";
import { Settings, SHARED_TOPIC } from "../../plugin/config_store.ts";
import type { ConfigReader, PluginConfigView } from "../../plugin/context.ts";
import { configInvalid } from "../../plugin/errors.ts";
import { sameJson } from "../../plugin/same_json.ts";
import { WatchTable } from "../../plugin/watch_table.ts";
import { unavailableInSandbox } from "../errors.ts";
import { CopiedConfig, SharedConfig } from "./copied_config.ts";
import { frozen } from "./frozen.ts";

/** What a change of settings is passed on to. */
export interface ConfigSink {
  /** Checks a value and tells the host that it was set. */
  readonly set: (key: string, value: Json) => void;
  /** Tells the host that it was taken back. */
  readonly unset: (key: string) => void;
  /** Checks a value and tells the host that it was set for all. */
  readonly setShared: (key: string, value: Json) => void;
  /** Tells the host that it was taken back from all. */
  readonly unsetShared: (key: string) => void;
  /** Told what a watcher threw or rejected with. */
  readonly failed: (error: unknown) => void;
}

/** What a plugin's settings are made of. */
export interface GuestConfigOptions {
  /** Id of the plugin. */
  readonly pluginId: string;
  /** What the host gave. */
  readonly given: readonly (readonly [key: string, value: Json])[];
  /** What the settings must be. */
  readonly schema?: ConfigSchema | undefined;
  /** Ids of the plugins whose settings can be read. */
  readonly dependencies?: readonly string[];
}

/**
 * A plugin's settings inside a sandbox: what the host gave when the plugin was loaded, with what the
 * plugin set on top. The plugin is the only one that changes them, so its own copy stays true.
 */
export class GuestConfig implements PluginConfigView {
  readonly #settings: Settings;
  readonly #sink: ConfigSink;
  readonly #watches = new WatchTable<Json | undefined>();
  readonly #others: ReadonlyMap<string, CopiedConfig>;
  /** @inheritDoc */
  readonly shared: SharedConfig;

  /**
   * Constructs a new instance.
   *
   * @param options What the settings are made of.
   * @param sink Where changes go.
   * @throws {PluginError} `CONFIG_INVALID` if the schema refuses what the host gave.
   */
  constructor(
    { pluginId, given, schema, dependencies = [] }: GuestConfigOptions,
    sink: ConfigSink,
  ) {
    const host = new Map(given.map(([key, value]) => [key, frozen(value)]));
    const { issues } = checkSettings(schema, host);
    if (issues.length > 0) throw configInvalid(pluginId, issues);
    this.#settings = new Settings({ pluginId, host, schema });
    this.#sink = sink;
    this.#others = new Map(
      dependencies.map((id) => [id, new CopiedConfig(sink.failed)]),
    );
    this.shared = new SharedConfig({
      set: sink.setShared,
      unset: sink.unsetShared,
      failed: sink.failed,
    });
  }

  /**
   * Looks at the settings of another plugin, which this one must declare as a dependency.
   *
   * @param pluginId Id of the plugin.
   * @returns Its settings, as they are whenever they are read.
   */
  of(pluginId: string): ConfigReader {
    const copied = this.#others.get(pluginId);
    if (copied !== undefined) return copied;
    throw unavailableInSandbox(
      `config.of(${JSON.stringify(pluginId)}) without a dependency on it`,
    );
  }

  /**
   * Takes what the host says of the settings of others.
   *
   * @param of Whose they are, or `shared`.
   * @param entries The settings as they are now.
   * @param refused A shared setting that this plugin could not set.
   */
  update(
    of: string,
    entries: readonly (readonly [key: string, value: Json])[],
    refused: string | null,
  ): void {
    if (refused !== null) this.shared.refuse(refused);
    const copied = of === SHARED_TOPIC ? this.shared : this.#others.get(of);
    copied?.update(entries);
  }

  /** @inheritDoc */
  get(key: string): Json | undefined {
    return this.#settings.values.get(key);
  }

  /** @inheritDoc */
  set(key: string, value: Json): void {
    const before = this.#settings.own;
    this.#watches.assertNoLoop("config");
    // Not copied before it is known to be plain data.
    this.#replace(new Map([...before, [key, value]]));
    try {
      this.#sink.set(key, value);
    } catch (error) {
      this.#replace(before);
      throw error;
    }
    const copy = frozen(structuredClone(value));
    this.#replace(new Map([...before, [key, copy]]));
    this.#watches.changed("");
  }

  /** @inheritDoc */
  unset(key: string): boolean {
    const own = new Map(this.#settings.own);
    if (!own.delete(key)) return false;
    this.#replace(own);
    this.#sink.unset(key);
    this.#watches.changed("");
    return true;
  }

  /** @inheritDoc */
  list(): readonly (readonly [key: string, value: Json])[] {
    return [...this.#settings.values].sort(([a], [b]) => compareText(a, b));
  }

  /** @inheritDoc */
  clear(prefix = ""): readonly string[] {
    const own = this.#settings.own;
    const keys = [...own.keys()].filter((key) => key.startsWith(prefix));
    this.#replace(new Map([...own].filter(([key]) => !keys.includes(key))));
    for (const key of keys) this.#sink.unset(key);
    this.#watches.changed("");
    return keys.sort(compareText);
  }

  /** @inheritDoc */
  watch(
    key: string,
    watcher: (value: Json | undefined) => void | Promise<void>,
  ): Subscription {
    const place = this.#watches.watch("", {
      read: () => this.get(key),
      isSame: sameJson,
      tell: (value) =>
        void Promise.try(() => watcher(value)).catch(this.#sink.failed),
    });
    const dispose = () => place[Symbol.dispose]();
    return { id: place.id, type: key, dispose, [Symbol.dispose]: dispose };
  }

  /** @inheritDoc */
  watchAll(
    watcher: (
      entries: readonly (readonly [key: string, value: Json])[],
    ) => void | Promise<void>,
  ): Subscription {
    const place = this.#watches.watch("", {
      read: () => this.list().map(([key, value]) => [key, value]),
      isSame: sameJson,
      tell: () =>
        void Promise.try(() => watcher(this.list())).catch(this.#sink.failed),
    });
    const dispose = () => place[Symbol.dispose]();
    return { id: place.id, type: "*", dispose, [Symbol.dispose]: dispose };
  }

  #replace(own: ReadonlyMap<string, Json>): void {
    const { issues } = this.#settings.replace(own);
    if (issues.length > 0) {
      throw configInvalid(this.#settings.pluginId, issues);
    }
  }
}
