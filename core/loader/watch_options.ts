import { assertFunction, type Clock, optionsOf } from "../base/mod.ts";
import { assertTimeoutMs } from "../events/with_deadline.ts";
import type { ReloadReport } from "../plugin/registry_options.ts";

/** What became of a change to a plugin's files. */
export type WatchReport =
  /** The plugins run in their new form. */
  | {
    readonly kind: "reloaded";
    readonly specifier: string;
    readonly reports: readonly ReloadReport[];
  }
  /** The plugins run on as they were. */
  | {
    readonly kind: "failed";
    readonly specifier: string;
    readonly error: unknown;
  }
  /** The plugins run on, though their file is gone. */
  | { readonly kind: "missing"; readonly specifier: string }
  /** The plugins are gone, as their file is. */
  | {
    readonly kind: "unloaded";
    readonly specifier: string;
    readonly unloaded: readonly string[];
  };

/** How plugins' files are watched. */
export interface WatchOptions {
  /**
   * How long nothing must change before plugins are reloaded, in milliseconds.
   *
   * @default {100}
   */
  readonly debounceMs?: number;
  /** Whether plugins whose file is gone are unloaded, with those that depend on them. */
  readonly unloadOnRemove?: boolean;
  /**
   * Called with what became of each change.
   *
   * @param report What became of it.
   */
  readonly onReport?: (report: WatchReport) => void;
}

/** Watch options that have been checked. */
export interface CheckedWatchOptions extends Required<WatchOptions> {
  /** Where time comes from. */
  readonly clock: Clock;
}

/**
 * Checks watch options.
 *
 * @param options The options.
 * @param clock Where time comes from.
 * @returns The options with their defaults.
 * @throws {OptionError} `INVALID_OPTION` if one has a value that it cannot have.
 */
export function checkWatchOptions(
  options: WatchOptions,
  clock: Clock,
): CheckedWatchOptions {
  const { debounceMs = 100, unloadOnRemove = false, onReport = () => {} } =
    optionsOf("watch", options);
  assertTimeoutMs("watch debounceMs", debounceMs);
  assertFunction("onReport", onReport);
  return { debounceMs, unloadOnRemove, onReport, clock };
}
