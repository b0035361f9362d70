import {
  compareText,
  isPlainObject,
  type Issue,
  type Json,
} from "../base/mod.ts";
import type { Subscription } from "../events/event.ts";
import { assertListener } from "../events/listener_table.ts";
import {
  type Settings,
  SHARED_TOPIC,
  type SharedSetting,
} from "./config_store.ts";
import type {
  ConfigReader,
  ConfigWriter,
  PluginConfigView,
} from "./context.ts";
import { copyJson } from "./copy_json.ts";
import { configInvalid } from "./errors.ts";
import type { PluginConfig } from "./plugin.ts";
import type { PluginHost } from "./plugin_host.ts";
import { sameJson } from "./same_json.ts";
import type { Owned, PluginScope } from "./scope.ts";
import { SettingsBudget } from "./settings_budget.ts";
import { safeWatcher } from "./watcher.ts";

/**
 * Reads the settings that the host gives to a plugin.
 *
 * @param pluginId Id of the plugin.
 * @param config The settings.
 * @returns A frozen copy, by name.
 * @throws {PluginError} `CONFIG_INVALID` with every name and value that cannot be kept.
 */
export function parseConfig(
  pluginId: string,
  config: PluginConfig,
): ReadonlyMap<string, Json> {
  if (!isPlainObject(config)) {
    const message = "found no object, wanted settings by name";
    const issue = { code: "TYPE_INVALID", path: "", message };
    throw configInvalid(pluginId, [issue]);
  }
  const pairs = Object.entries(config).filter(([, value]) =>
    value !== undefined
  );
  const copies = pairs.map(([key, value]) => ({ key, ...copyAt(key, value) }));
  const issues = copies.flatMap((copy) => copy.issues);
  if (issues.length > 0) throw configInvalid(pluginId, issues);
  return new Map(copies.map(({ key, value }) => [key, value]));
}

function copyAt(key: string, value: unknown): ReturnType<typeof copyJson> {
  if (typeof key === "string" && key.trim() !== "") return copyJson(value, key);
  const message = "found a blank name, wanted one with text";
  return { value: null, issues: [{ code: "KEY_BLANK", path: "", message }] };
}

/** What one plugin's view of the settings is made of. */
export interface ConfigParts {
  /** What all plugins share. */
  readonly host: Pick<PluginHost, "config" | "events" | "log">;
  /** Owns what the plugin sets. */
  readonly scope: PluginScope;
  /** Which generation of the plugin it is. */
  readonly generation: number;
  /** The plugin's own settings. */
  readonly settings: Settings;
}

/**
 * Makes one plugin's view of the settings: its own, those of others to read, and those that all
 * share. What the plugin sets goes with the plugin.
 *
 * @param parts What it is made of.
 * @returns The view.
 */
export function createPluginConfig(parts: ConfigParts): PluginConfigView {
  const { host: { config: store }, scope, settings } = parts;
  scope.own(store.open(settings));
  function of(pluginId: string): ConfigReader {
    scope.assertOpen();
    return reader(parts, {
      topic: pluginId,
      get: (key) => store.of(pluginId).get(key),
      list: () => [...store.of(pluginId)],
    });
  }
  return Object.freeze({
    ...ownWriter(parts),
    of,
    shared: sharedWriter(parts),
  });
}

/** Where settings are read. */
interface Source {
  readonly topic: string;
  readonly get: (key: string) => Json | undefined;
  readonly list: () => (readonly [string, Json])[];
}

function reader(
  { host, scope, settings: { pluginId } }: ConfigParts,
  { topic, get, list }: Source,
): ConfigReader {
  function watch(
    key: string,
    watcher: (value: Json | undefined) => void | Promise<void>,
  ): Subscription {
    scope.assertOpen();
    assertListener(watcher);
    const place = host.config.watches.watch(topic, {
      read: () => get(key),
      isSame: sameJson,
      tell: safeWatcher(host, { pluginId, scope }, watcher),
    });
    const undo = () => place[Symbol.dispose]();
    const { dispose } = scope.own(undo, `watch ${topic} ${key}`);
    return { id: place.id, type: key, dispose, [Symbol.dispose]: dispose };
  }
  const sorted = () => list().sort(([a], [b]) => compareText(a, b));
  function watchAll(
    watcher: (entries: ReturnType<typeof sorted>) => void | Promise<void>,
  ): Subscription {
    scope.assertOpen();
    assertListener(watcher);
    const tell = safeWatcher(host, { pluginId, scope }, watcher);
    const place = host.config.watches.watch(topic, {
      // As plain data, like any setting.
      read: () => sorted().map(([key, value]) => [key, value]),
      isSame: sameJson,
      tell: () => tell(sorted()),
    });
    const undo = () => place[Symbol.dispose]();
    // Unlisted: a sandbox watches for its plugin, which has not asked for it.
    const { dispose } = scope.own(undo);
    return { id: place.id, type: "*", dispose, [Symbol.dispose]: dispose };
  }
  return Object.freeze({
    get(key: string) {
      scope.assertOpen();
      return get(key);
    },
    list() {
      scope.assertOpen();
      return sorted();
    },
    watch,
    watchAll,
  });
}

function ownWriter(parts: ConfigParts): ConfigWriter {
  const { host: { config: store }, scope, settings } = parts;
  const { pluginId } = settings;
  const owned = new Map<string, Owned>();
  const budget = new SettingsBudget();
  function replace(own: ReadonlyMap<string, Json>): void {
    store.watches.assertNoLoop(`config ${pluginId}`);
    const { issues } = settings.replace(own);
    if (issues.length > 0) throw configInvalid(pluginId, issues);
    for (const [key, entry] of owned) {
      if (own.has(key)) continue;
      owned.delete(key);
      budget.give(key);
      entry.release();
    }
    store.watches.changed(pluginId);
  }
  function forget(key: string): void {
    owned.delete(key);
    budget.give(key);
    settings.forget(key);
    store.watches.changed(pluginId);
  }
  function without(keys: readonly string[]): void {
    const own = new Map(settings.own);
    for (const key of keys) own.delete(key);
    if (keys.length > 0) replace(own);
  }
  return {
    ...reader(parts, {
      topic: pluginId,
      get: (key) => settings.values.get(key),
      list: () => [...settings.values],
    }),
    set(key: string, value: Json) {
      scope.assertOpen();
      const copy = copied(pluginId, key, value);
      assertTaken(pluginId, budget.take(key, copy));
      const isNew = !owned.has(key);
      // Owned first: a watcher may already take it back.
      if (isNew) owned.set(key, scope.own(() => forget(key), `config ${key}`));
      try {
        replace(new Map([...settings.own, [key, copy]]));
      } catch (error) {
        if (isNew && !settings.own.has(key)) {
          owned.get(key)?.release();
          owned.delete(key);
          budget.give(key);
        }
        const kept = settings.own.get(key);
        if (kept !== undefined) budget.take(key, kept);
        throw error;
      }
    },
    unset(key: string) {
      scope.assertOpen();
      const isSet = settings.own.has(key);
      if (isSet) without([key]);
      return isSet;
    },
    clear(prefix = "") {
      scope.assertOpen();
      const keys = keysWith(settings.own.keys(), prefix);
      without(keys);
      return keys;
    },
  };
}

function sharedWriter(parts: ConfigParts): ConfigWriter {
  const { host: { config: store }, scope, generation } = parts;
  const owner = parts.settings.pluginId;
  const own = new Map<
    string,
    { readonly setting: SharedSetting; readonly owned: Owned }
  >();
  const budget = new SettingsBudget();
  function unset(key: string): boolean {
    const entry = own.get(key);
    entry?.owned.dispose();
    return entry !== undefined;
  }
  return Object.freeze({
    ...reader(parts, {
      topic: SHARED_TOPIC,
      get: (key) => store.shared(key),
      list: () => store.listShared(),
    }),
    set(key: string, value: Json) {
      scope.assertOpen();
      const copy = copied(owner, key, value);
      store.assertSharable(key, owner);
      store.watches.assertNoLoop("shared config");
      assertTaken(owner, budget.take(key, copy));
      const former = own.get(key);
      const setting = { owner, generation, value: copy };
      const owned = former?.owned ?? scope.own(() => {
        const { setting } = own.get(key)!;
        own.delete(key);
        budget.give(key);
        store.unshare(key, setting);
      }, `shared config ${key}`);
      own.set(key, { setting, owned });
      store.share(key, setting, former?.setting);
    },
    unset(key: string) {
      scope.assertOpen();
      store.assertSharable(key, owner);
      return unset(key);
    },
    clear(prefix = "") {
      scope.assertOpen();
      const keys = keysWith(own.keys(), prefix);
      keys.forEach(unset);
      return keys;
    },
  });
}

function copied(pluginId: string, key: string, value: unknown): Json {
  const copy = copyAt(key, value);
  if (copy.issues.length > 0) throw configInvalid(pluginId, copy.issues);
  return copy.value;
}

function assertTaken(pluginId: string, issue: Issue | undefined): void {
  if (issue !== undefined) throw configInvalid(pluginId, [issue]);
}

function keysWith(keys: Iterable<string>, prefix: string): string[] {
  return [...keys].filter((key) => key.startsWith(prefix)).sort(compareText);
}
