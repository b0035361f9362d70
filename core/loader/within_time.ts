import type { Clock } from "../base/mod.ts";
import { fetchLimit } from "./errors.ts";
import type { FetchLimits } from "./limits.ts";

/** How long something may be fetched. */
export interface WithinTimeOptions {
  /** How much is fetched at most. */
  readonly limits: FetchLimits;
  /** Where time comes from. */
  readonly clock: Clock;
}

/**
 * Fetches something, for as long as that may take.
 *
 * @param url What is fetched, for the error.
 * @param options How long it may take.
 * @param work Fetches it, with a signal that ends what is left of it in any case.
 * @returns What it gives.
 * @throws {PluginError} `FETCH_LIMIT` if it takes longer, and the work heeds the signal.
 */
export async function withinTime<T>(
  url: string,
  { limits, clock }: WithinTimeOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const late = () => abort.abort(fetchLimit(url, "timeMs", limits.timeMs));
  using _deadline = clock.after(limits.timeMs, late);
  try {
    return await work(abort.signal);
  } finally {
    // Part of it has failed: nobody waits for the rest any more.
    abort.abort();
  }
}
