/** How much the loader fetches for one plugin. */
export interface FetchLimits {
  /** Modules of one graph. */
  readonly modulesMax: number;
  /** All modules of one graph together, in bytes. */
  readonly bytesMax: number;
  /** Redirects on the way to one module. */
  readonly redirectsMax: number;
  /** Fetching one graph, in milliseconds. */
  readonly timeMs: number;
}

/** The limits that hold. */
export const FETCH_LIMITS: FetchLimits = {
  modulesMax: 256,
  bytesMax: 8 * 2 ** 20,
  redirectsMax: 3,
  timeMs: 10_000,
};
