/** What a manifest says that this build changes. */
export interface NpmManifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, { readonly default: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The doors that nothing can be done behind without Deno. */
const DOORS_OF_DENO: readonly string[] = ["./cli"];

/** What only they need. */
const PACKAGES_OF_DENO: readonly string[] = ["commander"];

/** What Node 20 lacks of the language, in the file that each door loads first. */
export const POLYFILLS =
  `// What Node lacks of the language before version 24; does nothing where it is there.
import "core-js/actual/disposable-stack/index.js";
import "core-js/actual/async-disposable-stack/index.js";
import "core-js/actual/suppressed-error.js";
import "core-js/actual/promise/with-resolvers.js";
import "core-js/actual/promise/try.js";
import "core-js/actual/map/group-by.js";
import "core-js/actual/iterator/index.js";
import "core-js/actual/set/index.js";
import "core-js/actual/math/f16round.js";
import "core-js/actual/typed-array/from-base64.js";
import "core-js/actual/typed-array/to-base64.js";
import "core-js/actual/typed-array/from-hex.js";
import "core-js/actual/typed-array/to-hex.js";
import { Float16Array } from "@petamoriken/float16";
import { availableParallelism } from "node:os";

globalThis.Float16Array ??= Float16Array;
globalThis.navigator ??= { hardwareConcurrency: availableParallelism() };
`;

/** The packages of {@linkcode POLYFILLS}. */
const POLYFILL_PACKAGES: Readonly<Record<string, string>> = {
  "@petamoriken/float16": "^3.9.3",
  "core-js": "^3.51.0",
};

/**
 * Makes the manifest of the package for Node of that which `deno pack` has written.
 *
 * @param packed The manifest.
 * @returns The same for Node.
 */
export function manifestForNode<Packed extends NpmManifest>(
  packed: Packed,
): Packed & { readonly engines: { readonly node: string } } {
  const without = <Value>(
    record: Readonly<Record<string, Value>>,
    names: readonly string[],
  ) =>
    Object.fromEntries(
      Object.entries(record).filter(([name]) => !names.includes(name)),
    );
  return {
    ...packed,
    description: "Deep learning in TypeScript whose every part can be a plugin",
    // The first with `process.getBuiltinModule`, which threads are started by.
    engines: { node: ">=20.16" },
    exports: without(packed.exports, DOORS_OF_DENO),
    dependencies: {
      ...without(packed.dependencies, PACKAGES_OF_DENO),
      ...POLYFILL_PACKAGES,
    },
  };
}
