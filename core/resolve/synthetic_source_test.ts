// Not a test: many plugins that depend on each other, for tests and benches.

import type { CandidateMetadata, PluginSource } from "./plugin_source.ts";

const VERSIONS = Array.from(
  { length: 20 },
  (_, index) => `${1 + Math.floor(index / 10)}.${index % 10}.0`,
);

/**
 * Plugins with 20 versions each, which depend on up to five of those before them. A version asks
 * for what was there when it was made, or something a bit older: half of them for that or anything
 * newer, the others for the same major version, and `narrow` of a hundred for that minor version
 * or for less than the next three.
 */
export function syntheticSource(count: number, narrow: number): PluginSource {
  const below = generator(count);
  const plugins = new Map<string, Map<string, CandidateMetadata>>();
  for (let index = 0; index < count; index++) {
    const targets = Array.from(
      { length: index === 0 ? 0 : 1 + below(5) },
      () => nameOf(below(index)),
    );
    plugins.set(
      nameOf(index),
      new Map(VERSIONS.map((version, age) => [version, {
        dependencies: Object.fromEntries(
          targets.map((target) => [target, rangeOf(age)]),
        ),
      }])),
    );
  }
  function rangeOf(age: number): string {
    const place = Math.max(0, age - below(4));
    const version = VERSIONS[place]!;
    const kind = below(100);
    if (kind < narrow) return `~${version}`;
    if (kind < 2 * narrow) {
      return `>=${version} <${VERSIONS[place + 3] ?? "3.0.0"}`;
    }
    return kind < 50 ? `^${version}` : `>=${version}`;
  }
  return {
    versions: () => VERSIONS,
    metadata: (id, version) => plugins.get(id)!.get(version)!,
  };
}

/** The name of one of them. */
function nameOf(index: number): string {
  return `acme.p${index}`;
}

/** Whole numbers below a bound, the same in each run. */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 0x41c64e6d) + 12345) >>> 0;
    return (state >>> 8) % bound;
  };
}

/** Asks for all of them. */
export function requestsFor(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [nameOf(index), "*"]),
  );
}
