import { assertEquals } from "@std/assert";
import { validateGraph } from "./validate_graph.ts";

const MEMBERS = [
  { id: "c", version: "1.0.0", dependencies: { b: "*" } },
  { id: "b", version: "1.0.0", dependencies: { c: "*", a: "^2.0.0" } },
  { id: "a", version: "1.0.0", dependencies: { z: "*", y: "*" } },
];

Deno.test("validateGraph() finds what is missing, unfit or circular", () => {
  assertEquals(validateGraph(MEMBERS), {
    ok: false,
    missing: new Map([["a", ["y", "z"]]]),
    unsatisfied: [{
      id: "b",
      dependency: "a",
      wanted: "^2.0.0",
      found: "1.0.0",
    }],
    cycles: [["b", "c"]],
  });
});

Deno.test("validateGraph() leaves absent plugins out if asked to", () => {
  const report = validateGraph(MEMBERS.slice(2), { internalOnly: true });
  assertEquals(report, {
    ok: true,
    missing: new Map(),
    unsatisfied: [],
    cycles: [],
  });
  assertEquals(validateGraph(MEMBERS.slice(2)).ok, false);
});
