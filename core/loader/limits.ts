import { invalidOption, optionsOf } from "../base/mod.ts";

/** How much the loader fetches for one plugin. Set by the host, never by the plugin. */
export interface FetchLimits {
  /** Modules of one graph. */
  readonly modulesMax: number;
  /** All modules of one graph together, in bytes. */
  readonly bytesMax: number;
  /** Redirects on the way to one module. */
  readonly redirectsMax: number;
  /** Fetching one graph, in milliseconds. */
  readonly timeMs: number;
  /** A manifest, or a list of them, in bytes. */
  readonly manifestBytesMax: number;
  /** An index, in bytes: what is larger keeps the host's own thread busy while it is parsed. */
  readonly indexBytesMax: number;
}

/** The limits that hold where the host sets none. */
export const FETCH_LIMITS: FetchLimits = {
  modulesMax: 256,
  bytesMax: 8 * 2 ** 20,
  redirectsMax: 3,
  timeMs: 10_000,
  manifestBytesMax: 64 * 2 ** 10,
  indexBytesMax: 2 ** 20,
};

/**
 * Completes limits with their defaults.
 *
 * @param limits The limits that the host sets.
 * @returns All limits.
 * @throws {OptionError} `INVALID_OPTION` if one is not a finite number of at least 0.
 */
export function fetchLimits(limits: Partial<FetchLimits> = {}): FetchLimits {
  for (
    const [name, value] of Object.entries(optionsOf("fetchLimits", limits))
  ) {
    if (Number.isFinite(value) && value >= 0) continue;
    const wanted = "a finite number of at least 0";
    throw invalidOption(`fetchLimits.${name}`, value, wanted);
  }
  return { ...FETCH_LIMITS, ...limits };
}
