import {
  assertFunction,
  assertInstance,
  type Clock,
  clockOf,
  optionsOf,
} from "../base/mod.ts";
import { PluginRegistry } from "../plugin/registry.ts";
import type { SandboxLimits } from "../sandbox/limits.ts";
import type { Fetch } from "./fetch_options.ts";
import { type FetchLimits, fetchLimits } from "./limits.ts";
import type { IndexOptions } from "./index/plugin_index.ts";
import type { KeepOptions } from "./lockfile/keep_options.ts";
import type { ControlOptions } from "./policy/control_options.ts";
import type { Registries } from "./registries/registries.ts";
import type { SandboxParts } from "./start_sources.ts";
import type { WorkerOptions } from "./worker_taints.ts";

/** What a loader works with. */
export interface DynamicPluginLoaderOptions
  extends KeepOptions, ControlOptions, WorkerOptions {
  /** Where plugins are registered. */
  readonly registry: PluginRegistry;
  /** Brings what sandboxes need; called once, for the first of them. Without it there are none. */
  readonly sandbox?: () => Promise<SandboxParts>;
  /** How much time and memory a sandboxed plugin may take, where that is not the default. */
  readonly limits?: Partial<SandboxLimits>;
  /** What paths are relative to. */
  readonly baseUrl?: string | URL;
  /** Where time comes from; the machine's clock if left out. */
  readonly clock?: Clock;
  /** Fetches modules over the network; the platform's `fetch` if left out. */
  readonly fetch?: Fetch;
  /** How much is fetched for one plugin, where that is not the default. */
  readonly fetchLimits?: Partial<FetchLimits>;
  /** Where plugins are looked up that are asked for by their ids; nowhere if left out. */
  readonly index?: IndexOptions;
  /** Where packages come from, if that is another place than usual. */
  readonly registries?: Partial<Registries>;
}

/** What a loader works with, its clock and limits included. */
export interface CheckedLoaderOptions extends DynamicPluginLoaderOptions {
  /** Where time comes from. */
  readonly clock: Clock;
  /** How much is fetched for one plugin. */
  readonly fetchLimits: FetchLimits;
}

/**
 * Checks what a loader works with, as far as nothing that it makes does.
 *
 * @param options What a caller passed.
 * @returns The same options, the clock, and all limits of fetching.
 * @throws {OptionError} `INVALID_OPTION` if one has a value that it cannot have.
 */
export function checkLoaderOptions(
  options: DynamicPluginLoaderOptions,
): CheckedLoaderOptions {
  const owner = "DynamicPluginLoader";
  const found = optionsOf(owner, options);
  assertInstance(`${owner} registry`, found.registry, PluginRegistry);
  const { sandbox, fetch, consent, audit, log } = found;
  const functions = { sandbox, fetch, consent, audit, log };
  for (const [name, value] of Object.entries(functions)) {
    if (value !== undefined) assertFunction(`${owner} ${name}`, value);
  }
  const { policy, index, registries } = found;
  for (const [name, value] of Object.entries({ policy, index, registries })) {
    optionsOf(`${owner} ${name}`, value);
  }
  return {
    ...found,
    clock: clockOf(owner, found.clock),
    fetchLimits: fetchLimits(found.fetchLimits),
  };
}
