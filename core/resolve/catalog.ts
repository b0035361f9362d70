/**
 * What a source said, asked once and checked. Several resolutions share one catalog: fixes are tried
 * without asking again.
 *
 * @module
 */
import { abortable } from "@std/async/abortable";
import { compareText, type Issue } from "../base/mod.ts";
import { pluginMetadataInvalid } from "../errors.ts";
import {
  compareVersions,
  parseRange,
  parseVersion,
  type Version,
  type VersionSet,
} from "../versions/mod.ts";
import type { CandidateMetadata, PluginSource } from "./plugin_source.ts";

/** A version of a plugin that could be taken, or one that another plugin stands in for. */
export interface Choice {
  /** The version. */
  readonly version: Version;
  /** The version, as it was written. */
  readonly text: string;
  /** The plugin that stands in, and the version of it that does. */
  readonly provider?: { readonly id: string; readonly version: string };
}

/** How many questions may be under way. */
const UNDERWAY_MAX = 16;

/** What a source said. */
export class Catalog {
  readonly #source: PluginSource;
  readonly #signal: AbortSignal | undefined;
  readonly #choices = new Map<string, readonly Choice[]>();
  readonly #own = new Map<string, readonly Choice[]>();
  readonly #metadata = new Map<string, CandidateMetadata>();
  readonly #asked = new Map<string, Promise<CandidateMetadata>>();
  readonly #ranges = new Map<string, VersionSet>();
  readonly #turns: (() => void)[] = [];
  #underway = 0;
  #isRemote = false;

  /**
   * Constructs a new instance, which knows nothing yet.
   *
   * @param source What is asked.
   * @param signal Ends the waiting for answers when it is aborted.
   */
  constructor(source: PluginSource, signal?: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
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
    const texts = await this.#whileWanted(this.#source.versions(id));
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
    const providers = await this.#whileWanted(
      this.#source.providers?.(id) ?? [],
    );
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
  metadata(
    id: string,
    version: string,
  ): CandidateMetadata | Promise<CandidateMetadata> {
    const key = `${id}\n${version}`;
    const known = this.#metadata.get(key) ?? this.#asked.get(key);
    if (known !== undefined) return known;
    const asked = this.#ask(id, version);
    this.#asked.set(key, asked);
    return asked;
  }

  /**
   * Asks for metadata that will be wanted soon, so that a source that takes its time is asked for
   * several at once. Does nothing for a source that answers at once.
   *
   * @param id Id of a plugin.
   * @param version One of its versions.
   */
  prefetch(id: string, version: string): void {
    if (!this.#isRemote) return;
    // What goes wrong is told to whoever wants it.
    Promise.resolve(this.metadata(id, version)).catch(() => {});
  }

  async #ask(id: string, version: string): Promise<CandidateMetadata> {
    const key = `${id}\n${version}`;
    if (this.#underway >= UNDERWAY_MAX) {
      await new Promise<void>((resolve) => this.#turns.push(resolve));
    }
    this.#underway++;
    let metadata: CandidateMetadata;
    try {
      const answer = this.#source.metadata(id, version);
      this.#isRemote ||= answer instanceof Promise;
      metadata = await this.#whileWanted(answer);
    } finally {
      this.#underway--;
      this.#turns.shift()?.();
    }
    const issues = this.#issuesOf(metadata, `${id}@${version}`);
    if (issues.length > 0) throw pluginMetadataInvalid(issues);
    this.#metadata.set(key, metadata);
    return metadata;
  }

  /** Waits for an answer, unless nobody wants it any more. */
  async #whileWanted<T>(answer: T | Promise<T>): Promise<T> {
    const signal = this.#signal;
    if (signal === undefined || !(answer instanceof Promise)) return answer;
    return await abortable(answer, signal);
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
    return await this.#whileWanted(this.#source.ids?.() ?? []);
  }
}

function invalid(id: string, value: unknown, wanted: string): never {
  const message = `found ${JSON.stringify(value)}, wanted ${wanted}`;
  throw pluginMetadataInvalid([{ code: "VERSION_INVALID", path: id, message }]);
}
