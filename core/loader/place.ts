import type { IndexedPlace } from "./index/plugin_index.ts";
import type { LoadedSource } from "./loaded_source.ts";
import type { Resource } from "./policy/resource.ts";

/** Where a plugin's module is. */
export interface Place {
  /** As the host wrote it. */
  readonly specifier: string;
  /** As it was understood. */
  readonly url: string;
  /** The files that an inline plugin was made of the last time. */
  readonly modules?: readonly string[];
  /** The digest that its modules must have, if one is wanted. */
  readonly integrity?: string;
  /** What was granted to it before, in this process. */
  readonly grants?: readonly Resource[];
  /** What an index says of it, if it was looked up in one. */
  readonly indexed?: IndexedPlace;
}

/**
 * Names the place of plugins that are to be loaded again, made of the same bytes.
 *
 * @param source The plugins.
 * @returns The place.
 */
export function placeOf(source: LoadedSource): Place {
  return source.isolation === "inline"
    ? source
    : { ...source, integrity: source.digest };
}
