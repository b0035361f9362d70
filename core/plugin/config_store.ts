import { compareText, type Json, LayeredMap } from "../base/mod.ts";
import { configOwned } from "./errors.ts";
import {
  type CheckedSettings,
  checkSettings,
  type ConfigSchema,
} from "./config_schema.ts";
import { WatchTable } from "./watch_table.ts";

/** Topic of the settings that all plugins share. No plugin can have it as its id. */
export const SHARED_TOPIC = "shared";

/** What one plugin's settings are made of. */
export interface SettingsOptions {
  /** Id of the plugin. */
  readonly pluginId: string;
  /** What the host gave. */
  readonly host: ReadonlyMap<string, Json>;
  /** What the settings must be. */
  readonly schema: ConfigSchema | undefined;
}

/** The settings of one generation of a plugin: what the host gave, what the plugin set on top. */
export class Settings {
  /** Id of the plugin. */
  readonly pluginId: string;
  readonly #host: ReadonlyMap<string, Json>;
  readonly #schema: ConfigSchema | undefined;
  #own: ReadonlyMap<string, Json> = new Map();
  #values: ReadonlyMap<string, Json>;

  /**
   * Constructs a new instance.
   *
   * @param options What the settings are made of; the host's have been checked.
   */
  constructor({ pluginId, host, schema }: SettingsOptions) {
    this.pluginId = pluginId;
    this.#host = host;
    this.#schema = schema;
    this.#values = checkSettings(schema, host).values;
  }

  /** The settings as they are to be read. */
  get values(): ReadonlyMap<string, Json> {
    return this.#values;
  }

  /** What the plugin has set. */
  get own(): ReadonlyMap<string, Json> {
    return this.#own;
  }

  /**
   * Replaces what the plugin has set, unless something is wrong with the result.
   *
   * @param own What is set from now on.
   * @returns The settings, and every issue.
   */
  replace(own: ReadonlyMap<string, Json>): CheckedSettings {
    const checked = checkSettings(
      this.#schema,
      new Map([...this.#host, ...own]),
    );
    if (checked.issues.length > 0) return checked;
    this.#own = own;
    this.#values = checked.values;
    return checked;
  }

  /**
   * Forgets one thing that the plugin has set, because the plugin goes. The schema is asked no more.
   *
   * @param key Its name.
   */
  forget(key: string): void {
    const own = new Map(this.#own);
    own.delete(key);
    this.#own = own;
    this.#values = new Map([...this.#host, ...own]);
  }
}

/** A setting that all plugins can read. */
export interface SharedSetting {
  /** Id of the plugin that has set it. */
  readonly owner: string;
  /** Which generation of the plugin that was. */
  readonly generation: number;
  /** Its value, frozen. */
  readonly value: Json;
}

/** The settings of all plugins, and those they share. */
export class ConfigStore {
  /** Who watches settings; topics are ids of plugins, and {@linkcode SHARED_TOPIC}. */
  readonly watches: WatchTable<Json | undefined> = new WatchTable();
  readonly #settings = new Map<string, readonly Settings[]>();
  readonly #shared = new LayeredMap<SharedSetting>();

  /**
   * Lets others see a plugin's settings. Those of a newer generation cover the older ones.
   *
   * @param settings The settings.
   * @returns Hides them again.
   */
  open(settings: Settings): () => void {
    const { pluginId } = settings;
    const below = this.#settings.get(pluginId) ?? [];
    this.#settings.set(pluginId, [settings, ...below]);
    this.watches.changed(pluginId);
    return () => {
      const left =
        this.#settings.get(pluginId)?.filter((one) => one !== settings) ?? [];
      if (left.length > 0) this.#settings.set(pluginId, left);
      else this.#settings.delete(pluginId);
      this.watches.changed(pluginId);
    };
  }

  /**
   * Finds the settings of a plugin.
   *
   * @param pluginId Id of the plugin.
   * @returns Its settings; none for a plugin that is not there.
   */
  of(pluginId: string): ReadonlyMap<string, Json> {
    return this.#settings.get(pluginId)?.[0]?.values ?? new Map();
  }

  /**
   * Reads a shared setting.
   *
   * @param key Its name.
   * @returns Its value, or `undefined`.
   */
  shared(key: string): Json | undefined {
    return this.#shared.get(key)?.value;
  }

  /**
   * Lists the shared settings.
   *
   * @returns Pairs, sorted by key.
   */
  listShared(): (readonly [string, Json])[] {
    return [...this.#shared.keys()].sort(compareText)
      .map((key) => [key, this.#shared.get(key)!.value] as const);
  }

  /**
   * Adds a shared setting. It covers one of an older generation of its owner.
   *
   * @param key Its name.
   * @param setting The setting.
   * @param former What the same generation had set before, which goes.
   * @throws {PluginError} `CONFIG_OWNED` if the name belongs to another plugin.
   */
  share(
    key: string,
    setting: SharedSetting,
    former: SharedSetting | undefined,
  ): void {
    this.assertSharable(key, setting.owner);
    if (former !== undefined) this.#shared.remove(key, former);
    this.#shared.put(key, setting);
    this.watches.changed(SHARED_TOPIC);
  }

  /**
   * Takes a shared setting away.
   *
   * @param key Its name.
   * @param setting The setting.
   */
  unshare(key: string, setting: SharedSetting): void {
    this.#shared.remove(key, setting);
    this.watches.changed(SHARED_TOPIC);
  }

  /**
   * Requires that a shared setting is free, or a plugin's own.
   *
   * @param key Its name.
   * @param pluginId Id of the plugin.
   * @throws {PluginError} `CONFIG_OWNED` if it belongs to another plugin.
   */
  assertSharable(key: string, pluginId: string): void {
    const owner = this.#shared.get(key)?.owner ?? pluginId;
    if (owner !== pluginId) throw configOwned(key, owner, pluginId);
  }
}
