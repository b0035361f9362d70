import { type Clock, invalidOption } from "../base/mod.ts";
import { isolationUnavailable } from "../sandbox/errors.ts";
import type { SandboxIsolation, Tier } from "../sandbox/enclosure.ts";
import type { SandboxLimits } from "../sandbox/limits.ts";
import type { WorkerTierOptions } from "../sandbox/worker_tier.ts";
import type { Fetch } from "./fetch_options.ts";
import type { FetchLimits } from "./limits.ts";
import type { PluginManifest } from "./manifest/plugin_manifest.ts";
import type { KeepOptions } from "./lockfile/keep_options.ts";
import type { CheckedLoadOptions } from "./load_options.ts";
import type { Described, LoadedSource } from "./loaded_source.ts";
import type { ControlOptions } from "./policy/control_options.ts";
import type { ParsedPolicy } from "./policy/policy.ts";
import type { Registries } from "./registries/registries.ts";
import type { Place } from "./place.ts";
import type { SandboxParts, StartOptions } from "./start_sources.ts";

/** What plugins are got with. */
export interface SourceGetterOptions {
  /** Brings what sandboxes need; called once, for the first of them. Without it there are none. */
  readonly sandbox?: () => Promise<SandboxParts>;
  /** How much time and memory a sandboxed plugin may take. */
  readonly limits: SandboxLimits;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Fetches modules over the network; the platform's `fetch` if left out. */
  readonly fetch?: Fetch;
  /** How much is fetched for one plugin. */
  readonly fetchLimits: FetchLimits;
  /** Where what has been loaded is kept. */
  readonly keep: KeepOptions;
  /** Where packages come from. */
  readonly registries: Registries;
  /** What decides what plugins get. */
  readonly control: ControlOptions;
  /** How workers are started. */
  readonly workers: WorkerTierOptions;
}

/** How plugins are got. */
export interface GetOptions {
  /** Owns every sandbox from the moment it runs. */
  readonly started: AsyncDisposableStack;
  /** Whether modules that have been got before are got anew. */
  readonly again?: boolean;
  /**
   * Checks what is said of the plugins, before any of their code runs.
   *
   * @param described What is said of them, place by place; `undefined` where nothing is.
   */
  readonly foresee: (described: readonly Described[]) => void;
  /**
   * Asked about the modules of each place, before any of them runs; places for which it answers
   * `false` are left out.
   *
   * @param digest What tells one form of the modules from another.
   */
  readonly isWanted?: (digest: string) => boolean;
}

type Judged = Pick<StartOptions, "decide">;

/** Plugins that have been got. */
export interface Gotten {
  /** The plugins, place by place. */
  readonly sources: LoadedSource[];
  /** Writes down what they are made of; for the moment when the load holds. */
  readonly keep: () => Promise<void>;
}

/** Gets plugins from where they are, ready to be registered. */
export class SourceGetter {
  readonly #options: SourceGetterOptions;
  #parts: Promise<SandboxParts> | undefined;
  readonly #tiers = new Map<SandboxIsolation, Tier>();

  /**
   * Constructs a new instance.
   *
   * @param options What plugins are got with.
   */
  constructor(options: SourceGetterOptions) {
    this.#options = options;
  }

  /**
   * Gets plugins.
   *
   * @param places Where they are.
   * @param options How far they are kept from the host.
   * @param get How they are got.
   * @returns The plugins.
   */
  async get(
    places: readonly Place[],
    options: CheckedLoadOptions,
    get: GetOptions,
  ): Promise<Gotten> {
    const { judgeSources } = await import("./policy/judge_sources.ts");
    const { isolation, permissions } = options;
    const decide = judgeSources(places, {
      registries: this.#options.registries,
      ...this.#options.control,
      permissions,
    });
    if (isolation === "inline") {
      const { clock, registries, fetchLimits } = this.#options;
      const fetch = await this.#fetchFor(decide.policies);
      const { importSources } = await import("./import_sources.ts");
      const manifests = { clock, fetch, registries, fetchLimits };
      const sources = await importSources(places, { ...get, ...manifests });
      return { sources, keep: nothing };
    }
    const isolated = { ...options, isolation };
    return await this.#startSources(places, isolated, { ...get, decide });
  }

  /**
   * Finds plugins by their manifests.
   *
   * @param place Where to look.
   * @returns The manifests, sorted by id.
   */
  async discover(place: Place): Promise<PluginManifest[]> {
    const { judgeSources } = await import("./policy/judge_sources.ts");
    const { findManifests } = await import("./manifest/find_manifest.ts");
    const { clock, registries, control, fetchLimits } = this.#options;
    const judge = { registries, ...control, permissions: undefined };
    const { policies } = judgeSources([place], judge);
    const fetch = await this.#fetchFor(policies);
    const how = { clock, fetch, registries, fetchLimits };
    return await findManifests(place.url, how);
  }

  async #startSources(
    places: readonly Place[],
    { isolation, integrity, timeoutMs, update }: CheckedLoadOptions & {
      readonly isolation: SandboxIsolation;
    },
    { started, again = false, isWanted, foresee, decide }: GetOptions & Judged,
  ): Promise<Gotten> {
    const { sandbox, limits, clock, keep, control } = this.#options;
    if (sandbox === undefined) {
      const why = "this loader was made without a library for sandboxes";
      throw isolationUnavailable(isolation, why);
    }
    if (!("Deno" in globalThis)) {
      throw isolationUnavailable(isolation, "this is not Deno");
    }
    // On first need: most programs never start a sandbox.
    const { startSources } = await import("./start_sources.ts");
    const { beginRecord } = await import("./lockfile/load_record.ts");
    const record = await beginRecord(keep, {
      update: again || updatedUrls(places, update),
      countsClaims: control.policy?.lockedGrants ?? false,
    });
    const options = {
      parts: () => this.#parts ??= sandbox(),
      limits: { ...limits, ...timeoutMs && { hookMs: timeoutMs } },
      tier: await this.#tier(isolation),
      clock,
      fetch: await this.#fetchFor(decide.policies),
      integrity,
      record,
      registries: this.#options.registries,
      fetchLimits: this.#options.fetchLimits,
      decide,
      foresee,
      ...isWanted && { isWanted },
    };
    return {
      sources: await startSources(places, options, started),
      keep: () => record.commit(),
    };
  }

  /** What fetches what policies leave; brought on first need, as is all that is not for plugins inline. */
  async #fetchFor(policies: readonly ParsedPolicy[]): Promise<Fetch> {
    const { sourceFetch } = await import("./public_fetch.ts");
    return sourceFetch(this.#options, policies);
  }

  /** What plugins are kept in; made on first need, since most programs never start a sandbox. */
  async #tier(isolation: SandboxIsolation): Promise<Tier> {
    const known = this.#tiers.get(isolation);
    if (known !== undefined) return known;
    const tier = isolation === "process"
      ? await (await import("../sandbox/process_tier.ts")).processTier()
      : (await import("../sandbox/worker_tier.ts")).workerTier(
        this.#options.workers,
      );
    this.#tiers.set(isolation, tier);
    return tier;
  }
}

/** URLs of the places that a load updates; `true` for all of them. */
function updatedUrls(
  places: readonly Place[],
  update: boolean | readonly string[],
): boolean | ReadonlySet<string> {
  if (typeof update === "boolean") return update;
  return new Set(update.map((specifier) => {
    const place = places.find((place) => place.specifier === specifier);
    if (place) return place.url;
    throw invalidOption("update", specifier, "a specifier of the same load");
  }));
}

/** What the platform has imported is not kept. */
async function nothing(): Promise<void> {}
