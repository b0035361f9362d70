import { compareText } from "../base/mod.ts";
import type { Foreseen } from "../plugin/foresee.ts";
import type { ParsedMetadata, Plugin, PluginHandle } from "../plugin/plugin.ts";
import { reloadIdMismatch } from "../plugin/reload/errors.ts";
import type { Isolation } from "../plugin/isolation.ts";
import type { SandboxIsolation } from "../sandbox/enclosure.ts";
import type { OptionalLimit } from "../sandbox/limits.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { CheckedLoadOptions } from "./load_options.ts";
import type { Resource } from "./policy/resource.ts";

/** The plugins of one specifier, ready to be registered. */
export type LoadedSource =
  /** In the host's own realm. */
  | {
    readonly isolation: "inline";
    readonly specifier: string;
    readonly url: string;
    readonly plugins: readonly Plugin[];
    /** The files that it is made of. */
    readonly modules: readonly string[];
  }
  /** In a worker or a process. */
  | {
    readonly isolation: SandboxIsolation;
    readonly specifier: string;
    readonly url: string;
    readonly plugins: readonly Plugin[];
    readonly sandbox: Sandbox;
    readonly digest: string;
    /** What was granted to them. */
    readonly grants: readonly Resource[];
  };

/** What is said of the plugins of one specifier before their code runs; `undefined` if nothing is. */
export type Described = readonly ParsedMetadata[] | undefined;

/**
 * Sums up what is known of all plugins of a load.
 *
 * @param described What is said of them, specifier by specifier.
 * @returns What is known.
 */
export function foreseenOf(described: readonly Described[]): Foreseen {
  return {
    plugins: described.flatMap((plugins) => plugins ?? []),
    scope: described.includes(undefined) ? "part" : "whole",
  };
}

/** Where an active plugin came from and what holds it. */
export interface PluginReport {
  /** Its id. */
  readonly pluginId: string;
  /** What it was loaded from, as the host wrote it. */
  readonly specifier: string;
  /** How far it is kept from the host. */
  readonly isolation: Isolation;
  /** Number of its process, if it has one of its own. */
  readonly pid?: number;
  /** Limits that this isolation, machine or process cannot hold, sorted. */
  readonly limitsNotInForce: readonly OptionalLimit[];
  /** Messages of its sandbox that were dropped because they say nothing; the third one ends it. */
  readonly messagesDropped?: number;
  /** Digest of its modules, which `integrity` can name. */
  readonly digest?: string;
}

/**
 * Tells where a plugin came from and what holds it.
 *
 * @param pluginId Its id.
 * @param source What it is part of.
 * @returns What there is to tell.
 */
export function reportOf(pluginId: string, source: LoadedSource): PluginReport {
  const { specifier, isolation } = source;
  if (isolation === "inline") {
    return { pluginId, specifier, isolation, limitsNotInForce: [] };
  }
  const { sandbox: { pid, report }, digest } = source;
  const own = pid === undefined ? {} : { pid };
  return { pluginId, specifier, ...report, ...own, digest };
}

/** Where an active plugin came from, and how it was loaded. */
export interface Kept {
  /** Where it came from. */
  readonly source: LoadedSource;
  /** How it was loaded. */
  readonly options: CheckedLoadOptions;
}

/** What was loaded from one specifier. */
export interface Loaded {
  /** Where they came from. */
  readonly kept: Kept;
  /** Handles of its plugins that are active, in load order. */
  readonly handles: readonly PluginHandle[];
}

/**
 * Sums up what is known of what takes the places of plugins.
 *
 * @param handles Those that are there.
 * @param described What is said of what takes their places.
 * @returns What is known; nothing if nothing is said.
 * @throws {PluginError} `RELOAD_ID_MISMATCH` if they are others.
 */
export function foreseenReload(
  handles: readonly PluginHandle[],
  [described]: readonly Described[],
): Foreseen {
  const plugins = described ?? [];
  if (described) {
    const found = described.map((metadata) => ({ metadata }));
    assertSameIds(handles, { plugins: found });
  }
  return { plugins, scope: "reload" };
}

/**
 * Requires that the plugins of a source are those that are there.
 *
 * @param handles Those that are there.
 * @param source The source.
 * @throws {PluginError} `RELOAD_ID_MISMATCH` if they are not.
 */
export function assertSameIds(
  handles: readonly PluginHandle[],
  { plugins }: { readonly plugins: readonly Pick<Plugin, "metadata">[] },
): void {
  const wanted = handles.map(({ id }) => id).sort(compareText).join(", ");
  const found = plugins.map(({ metadata }) => metadata.id).sort(compareText)
    .join(", ");
  if (wanted !== found) throw reloadIdMismatch(wanted, found);
}
