import { type Clock, invalidOption } from "../base/mod.ts";
import type { PluginFailure } from "../errors.ts";
import type { PluginEventBus } from "../events/bus.ts";
import type { RegisterOptions } from "./admission.ts";
import type { LogRecord } from "./context.ts";
import type { ContributionPoint } from "./contribution_point.ts";

/** What a plugin registry is made with. */
export interface PluginRegistryOptions {
  /** Carries its events. */
  readonly events: PluginEventBus;
  /** The library's version, which plugins may ask for. */
  readonly engineVersion: string;
  /** Where time comes from; the machine's clock if left out. */
  readonly clock?: Clock;
  /** Where its log lines and those of its plugins go. */
  readonly log?: (record: LogRecord) => void;
  /** The slots that plugins may add to. */
  readonly contributionPoints?: readonly ContributionPoint[];
  /** Objects the host offers to plugins, as services `core/<name>`. */
  readonly services?: Readonly<Record<string, object>>;
  /** Ranges that replace those that plugins ask for, by id, whenever they are compared. */
  readonly overrides?: Readonly<Record<string, string>>;
}

/** How a plugin is unregistered. */
export interface UnregisterOptions {
  /** Whether the plugins that depend on it go too, before it. */
  readonly cascade?: boolean;
}

/**
 * How another version takes a plugin's place. What is left out stays as it was, but for the
 * isolation, which is `inline` then.
 */
export type ReloadOptions = RegisterOptions;

/** What came of replacing a plugin by another version of itself. */
export interface ReloadReport {
  /** The version that was there. */
  readonly from: string;
  /** The version that is there now. */
  readonly to: string;
  /** Whether it goes on with what the one before has saved. */
  readonly stateTransferred: boolean;
}

/** What came of shutting a registry down. */
export interface ShutdownReport {
  /** Ids of the plugins that are gone, in order. */
  readonly unloaded: readonly string[];
  /** What went wrong on the way. */
  readonly failures: readonly PluginFailure[];
}

/**
 * Finds slots by name.
 *
 * @param points The slots.
 * @returns The slots, by name.
 * @throws {OptionError} `INVALID_OPTION` if two share a name.
 */
export function pointsByName(
  points: readonly ContributionPoint[],
): ReadonlyMap<string, ContributionPoint> {
  const byName = new Map(points.map((point) => [point.name, point]));
  if (byName.size === points.length) return byName;
  const names = points.map(({ name }) => name);
  throw invalidOption("contributionPoints", names, "slots with distinct names");
}
