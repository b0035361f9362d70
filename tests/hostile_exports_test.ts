// Whatever plain JavaScript passes to what the tour exports of tensors and operators, and to the methods of
// tensors: it is taken, or refused with a code. What the shelf exports besides is trusted. Networks have a
// test of their own.

import { assert, assertEquals } from "@std/assert";
import * as ops from "../ops/mod.ts";
import * as tour from "../mod.ts";
import { problemsOf, targetsOf, TRIPLES } from "./hostile_calls.ts";

/** Names that the tour has from a shelf. */
function onTour(shelf: object) {
  const names = new Map<string, unknown>(Object.entries(tour));
  return Object.fromEntries(
    Object.entries(shelf).filter(([name, value]) => names.get(name) === value),
  );
}

function methodsOfTensors(): Record<string, unknown> {
  const all = Object.getOwnPropertyDescriptors(ops.Tensor.prototype);
  return Object.fromEntries(
    Object.entries(all)
      // X is still needed.
      .filter(([name]) => !["constructor", "dispose"].includes(name))
      .map(([name, { value }]) => [name, value]),
  );
}

Deno.test("whatever is passed to tensors and operators is taken, or refused with a code", async () => {
  const targets = [
    ...targetsOf("", onTour(ops)),
    ...targetsOf("linalg.", ops.linalg),
    ...targetsOf("fft.", ops.fft),
    ...targetsOf("Tensor.", methodsOfTensors()),
  ];
  assert(targets.length > 250, `${targets.length}`);
  assertEquals(await problemsOf(targets, TRIPLES), []);
});
