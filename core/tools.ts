/**
 * What tools look at that look after plugins: caches and limits. A door of its own, since a program that
 * only loads plugins needs none of it.
 *
 * @module
 */

export { findCacheFolder } from "./loader/store/cache_folder.ts";
export { expectedLimits } from "./sandbox/expected_limits.ts";
