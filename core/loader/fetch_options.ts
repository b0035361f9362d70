import type { FetchLimits } from "./limits.ts";
import type { Registries } from "./registries/registries.ts";

/** Whatever fetches like the platform does. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How a module is fetched. */
export interface FetchOptions {
  /** How much is fetched at most. */
  readonly limits: FetchLimits;
  /** Ends the fetch; its reason is what the fetch fails with. */
  readonly signal: AbortSignal;
  /** Fetches over the network. */
  readonly fetch: Fetch;
  /** Where packages come from. */
  readonly registries: Registries;
}
