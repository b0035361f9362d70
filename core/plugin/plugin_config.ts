import { compareText, isPlainObject, type Json } from "../base/mod.ts";
import type { PluginConfigView } from "./context.ts";
import { copyJson } from "./copy_json.ts";
import { configInvalid } from "./errors.ts";
import type { PluginConfig } from "./plugin.ts";
import type { Owned, PluginScope } from "./scope.ts";

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

/**
 * Makes one plugin's view of its settings: what the host gave, with what the plugin sets on top.
 * The plugin's layer goes with the plugin.
 *
 * @param pluginId Id of the plugin.
 * @param scope Owns what the plugin sets.
 * @param host What the host gave.
 * @returns The view.
 */
export function createPluginConfig(
  pluginId: string,
  scope: PluginScope,
  host: ReadonlyMap<string, Json>,
): PluginConfigView {
  const own = new Map<
    string,
    { readonly value: Json; readonly owned: Owned }
  >();

  function unset(key: string): boolean {
    const entry = own.get(key);
    entry?.owned.dispose();
    return entry !== undefined;
  }

  return Object.freeze({
    get(key: string) {
      scope.assertOpen();
      return own.has(key) ? own.get(key)?.value : host.get(key);
    },
    set(key: string, value: Json) {
      scope.assertOpen();
      const copy = copyAt(key, value);
      if (copy.issues.length > 0) throw configInvalid(pluginId, copy.issues);
      const owned = own.get(key)?.owned ??
        scope.own(() => own.delete(key), `config ${key}`);
      own.set(key, { value: copy.value, owned });
    },
    unset(key: string) {
      scope.assertOpen();
      return unset(key);
    },
    list() {
      scope.assertOpen();
      const merged = new Map(host);
      for (const [key, { value }] of own) merged.set(key, value);
      return [...merged].sort(([a], [b]) => compareText(a, b));
    },
    clear(prefix = "") {
      scope.assertOpen();
      const keys = [...own.keys()].filter((key) => key.startsWith(prefix));
      return keys.filter(unset).sort(compareText);
    },
  });
}
