import {
  isPlainObject,
  type Issue,
  printable,
  printableLine,
} from "../../base/mod.ts";
import { isVersion } from "../../versions/mod.ts";
import type { IndexedVersion, PluginIndex } from "./plugin_index.ts";

/** Most versions that an index may list. */
const VERSIONS_MAX = 10_000;
/** Most things that are told to be wrong. */
const ISSUES_MAX = 20;

// Small letters of ASCII only: no two ids look alike, or become the same when case is folded.
const ID = /^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+$/;
const DIGEST = /^sha256-[A-Za-z0-9+/]{43}=$/;
const URL_KINDS: readonly string[] = ["https:", "http:", "file:"];

/** What reading an index gave. */
export type ParsedIndex =
  | { readonly index: PluginIndex }
  | { readonly issues: readonly Issue[] };

/**
 * Reads an index.
 *
 * @param value What parsing it as JSON gave, which is foreign.
 * @param base What addresses in it are relative to.
 * @returns The index, or all that is wrong with it, up to a bound.
 */
export function parseIndex(value: unknown, base: string): ParsedIndex {
  const reader = new IndexReader(base);
  const index = reader.read(value);
  return index && reader.issues.length === 0
    ? { index }
    : { issues: reader.issues };
}

class IndexReader {
  readonly issues: Issue[] = [];
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  read(value: unknown): PluginIndex | undefined {
    if (!isPlainObject(value) || value["index"] !== 1) {
      return this.#refuse("index", "no index of version 1");
    }
    const fields: Readonly<Record<string, unknown>> = value;
    this.#checkKeys("", fields, ["index", "serial", "expires", "plugins"]);
    const { serial, expires, plugins } = fields;
    const expiresMs = typeof expires === "string" ? Date.parse(expires) : NaN;
    if (!Number.isSafeInteger(serial) || Number(serial) < 0) {
      this.#refuse("serial", "no whole number from 0");
    }
    if (Number.isNaN(expiresMs)) this.#refuse("expires", "no date");
    if (!isPlainObject(plugins)) return this.#refuse("plugins", "no object");
    const versions = this.#readPlugins(plugins);
    return { serial: Number(serial), expiresMs, versions };
  }

  #readPlugins(plugins: Readonly<Record<string, unknown>>): IndexedVersion[] {
    const versions: IndexedVersion[] = [];
    for (const [id, plugin] of Object.entries(plugins)) {
      if (this.issues.length >= ISSUES_MAX) return versions;
      versions.push(...this.#readPlugin(id, plugin));
      if (versions.length > VERSIONS_MAX) {
        this.#refuse("plugins", `more than ${VERSIONS_MAX} versions`);
        return versions;
      }
    }
    return versions;
  }

  #readPlugin(id: string, plugin: unknown): IndexedVersion[] {
    const path = `plugins.${printable(id, 100)}`;
    if (id.length > 128 || !ID.test(id)) {
      this.#refuse(path, "an id that is not of small letters and dots");
      return [];
    }
    if (!isPlainObject(plugin) || !isPlainObject(plugin["versions"])) {
      this.#refuse(path, "no versions");
      return [];
    }
    const fields: Readonly<Record<string, unknown>> = plugin;
    this.#checkKeys(path, fields, ["publisher", "description", "versions"]);
    const { publisher, description = "", versions } = fields;
    if (typeof publisher !== "string" || !id.startsWith(`${publisher}.`)) {
      this.#refuse(`${path}.publisher`, "not the first part of the id");
    }
    return Object.entries(versions as object).flatMap(([version, entry]) => {
      const place = `${path}.versions.${printable(version, 100)}`;
      const read = this.#readVersion(version, entry, place);
      const said = printableLine(String(description));
      return read ? [{ id, version, description: said, ...read }] : [];
    });
  }

  #readVersion(
    version: string,
    entry: unknown,
    path: string,
  ): Pick<IndexedVersion, "url" | "digest" | "isYanked"> | undefined {
    if (!isVersion(version)) return this.#refuse(path, "no version");
    if (!isPlainObject(entry)) return this.#refuse(path, "no object");
    const fields: Readonly<Record<string, unknown>> = entry;
    this.#checkKeys(path, fields, ["url", "digest", "yanked"]);
    const { url, digest, yanked = false } = fields;
    const href = typeof url === "string" && URL.canParse(url, this.#base)
      ? new URL(url, this.#base)
      : undefined;
    if (!href || !URL_KINDS.includes(href.protocol)) {
      return this.#refuse(`${path}.url`, "no address of a module");
    }
    if (typeof digest !== "string" || !DIGEST.test(digest)) {
      return this.#refuse(`${path}.digest`, "no digest");
    }
    if (typeof yanked !== "boolean") {
      return this.#refuse(`${path}.yanked`, "neither true nor false");
    }
    return { url: href.href, digest, isYanked: yanked };
  }

  #checkKeys(
    path: string,
    fields: Readonly<Record<string, unknown>>,
    known: readonly string[],
  ): void {
    for (const key of Object.keys(fields)) {
      if (known.includes(key) || this.issues.length >= ISSUES_MAX) continue;
      const place = path === "" ? key : `${path}.${key}`;
      this.#refuse(
        printable(place, 200),
        `a key other than ${known.join(", ")}`,
      );
    }
  }

  #refuse(path: string, found: string): undefined {
    this.issues.push({ code: "INDEX", path, message: `Found ${found}` });
    return undefined;
  }
}
