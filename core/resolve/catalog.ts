/**
 * What a source said, asked once and checked. Several resolutions share one catalog: fixes are tried
 * without asking again.
 *
 * @module
 */
import { compareText, type Issue } from "../base/mod.ts";
import { pluginMetadataInvalid } from "../errors.ts";
import { parseRange } from "./parse_range.ts";
import {
  compareVersions,
  parseVersion,
  type Version,
} from "./parse_version.ts";
import type { CandidateMetadata, PluginSource } from "./plugin_source.ts";
import type { VersionSet } from "./version_set.ts";

/** A version of a plugin that could be taken, or one that another plugin stands in for. */
export interface Choice {
  /** The version. */
  readonly version: Version;
  /** The version, as it was written. */
  readonly text: string;
  /** The plugin that stands in, and the version of it that does. */
  readonly provider?: { readonly id: string; readonly version: string };
}

/** What a source said. */
export class Catalog {
  readonly #source: PluginSource;
  readonly #choices = new Map<string, readonly Choice[]>();
  readonly #own = new Map<string, readonly Choice[]>();
  readonly #metadata = new Map<string, CandidateMetadata>();
  readonly #ranges = new Map<string, VersionSet>();

  /**
   * Constructs a new instance, which knows nothing yet.
   *
   * @param source What is asked.
   */
  constructor(source: PluginSource) {
    this.#source = source;
  }

  /**
   * Lists what could be taken for an id.
   *
   * @param id Id of a plugin.
   * @returns Its own versions, newest first, then what stands in for it, newest first.
   * @throws {PluginError} `PLUGIN_METADATA_INVALID` if the source names something that is no version.
   */
  async choices(id: string): Promise<readonly Choice[]> {
    const known = this.#choices.get(id);
    if (known !== undefined) return known;
    const own = await this.#ownChoices(id);
    const choices = [...own, ...await this.#substitutes(id)];
    this.#choices.set(id, choices);
    return choices;
  }

  async #ownChoices(id: string): Promise<readonly Choice[]> {
    const known = this.#own.get(id);
    if (known !== undefined) return known;
    const texts = await this.#source.versions(id);
    const choices = [...new Set(texts)].map((text) => ({
      text,
      version: parseVersion(text) ?? invalid(id, text, "a semantic version"),
    }));
    choices.sort((a, b) =>
      compareVersions(b.version, a.version) || compareText(a.text, b.text)
    );
    this.#own.set(id, choices);
    return choices;
  }

  async #substitutes(id: string): Promise<Choice[]> {
    const providers = await this.#source.providers?.(id) ?? [];
    const choices: Choice[] = [];
    for (const provider of [...new Set(providers)].sort(compareText)) {
      if (provider === id) continue;
      const own = await this.#ownChoices(provider);
      const all = await Promise.all(
        own.map(({ text }) => this.metadata(provider, text)),
      );
      for (const [index, { provides = {} }] of all.entries()) {
        const text = provides[id];
        const version = text === undefined ? undefined : parseVersion(text);
        if (text === undefined || version === undefined) continue;
        const by = { id: provider, version: own[index]!.text };
        choices.push({ version, text, provider: by });
      }
    }
    // Stable: among equals, providers by name, each with its newest version first.
    return choices.sort((a, b) => compareVersions(b.version, a.version));
  }

  /**
   * Tells what one version needs.
   *
   * @param id Id of a plugin.
   * @param version One of its versions.
   * @returns Its metadata.
   * @throws {PluginError} `PLUGIN_METADATA_INVALID` if it has something that is no range or version.
   */
  async metadata(id: string, version: string): Promise<CandidateMetadata> {
    const key = `${id}\n${version}`;
    const known = this.#metadata.get(key);
    if (known !== undefined) return known;
    const metadata = await this.#source.metadata(id, version);
    const issues = this.#issuesOf(metadata, `${id}@${version}`);
    if (issues.length > 0) throw pluginMetadataInvalid(issues);
    this.#metadata.set(key, metadata);
    return metadata;
  }

  #issuesOf(metadata: CandidateMetadata, path: string): Issue[] {
    const { dependencies, optionalDependencies, engines, provides } = metadata;
    const issues: Issue[] = [];
    const check = (
      field: string,
      record: Readonly<Record<string, unknown>> | undefined,
      isValid: (text: string) => boolean,
      wanted: string,
    ) => {
      for (const [key, value] of Object.entries(record ?? {})) {
        if (typeof value === "string" && isValid(value)) continue;
        const message = `found ${JSON.stringify(value)}, wanted ${wanted}`;
        const code = "RANGE_INVALID";
        issues.push({ code, path: `${path}.${field}.${key}`, message });
      }
    };
    const isRange = (text: string) => this.range(text) !== undefined;
    const isVersion = (text: string) => parseVersion(text) !== undefined;
    check("dependencies", dependencies, isRange, "a range of versions");
    check(
      "optionalDependencies",
      optionalDependencies,
      isRange,
      "a range of versions",
    );
    check("engines", engines, isRange, "a range of versions");
    check("provides", provides, isVersion, "a semantic version");
    return issues;
  }

  /**
   * Parses a range, once.
   *
   * @param text The range.
   * @returns Its versions, or `undefined` if it is none.
   */
  range(text: string): VersionSet | undefined {
    const known = this.#ranges.get(text);
    if (known !== undefined) return known;
    const set = parseRange(text);
    if (set !== undefined) this.#ranges.set(text, set);
    return set;
  }

  /**
   * Lists all ids, where the source can.
   *
   * @returns Ids.
   */
  async ids(): Promise<readonly string[]> {
    return await this.#source.ids?.() ?? [];
  }
}

function invalid(id: string, value: unknown, wanted: string): never {
  const message = `found ${JSON.stringify(value)}, wanted ${wanted}`;
  throw pluginMetadataInvalid([{ code: "VERSION_INVALID", path: id, message }]);
}
