import { assertThrows } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { checkDependencies } from "./check_dependencies.ts";
import {
  contains,
  EVERY_VERSION,
  release,
  union,
  type Version,
} from "../versions/mod.ts";

const NO_PATCH: Partial<Version> = { major: 1, minor: 0, prerelease: [] };

Deno.test("union() refuses sets that hold what is no version", () => {
  for (
    const border of [null, "1.0.0", NO_PATCH, { ...release(1), major: -1 }]
  ) {
    const set = { ...EVERY_VERSION, releases: [border] };
    assertThrows(
      () => Reflect.apply(union, undefined, [set, EVERY_VERSION]),
      OptionError,
      "a set of versions of union",
    );
  }
});

Deno.test("contains() refuses text in place of a version", () => {
  assertThrows(
    () => Reflect.apply(contains, undefined, [EVERY_VERSION, "1.0.0"]),
    OptionError,
    'Cannot use "1.0.0" as a version of contains',
  );
});

Deno.test("checkDependencies() refuses candidates without a version, once they are looked at", () => {
  const plugin = { id: "a", dependencies: { b: "^1.0.0" } };
  for (const candidate of [null, {}, { version: "1.0.0" }]) {
    assertThrows(
      () =>
        Reflect.apply(checkDependencies, undefined, [
          plugin,
          new Map([["c", candidate]]),
        ]),
      OptionError,
      "candidates c",
    );
  }
});
