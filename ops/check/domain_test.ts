import { assert, assertEquals } from "@std/assert";
import {
  AROUND_ZERO,
  BESIDE_ZERO,
  BETWEEN_WHOLES,
  DISTINCT,
  type Domain,
  drawElements,
  placeInDomain,
  TRUTH,
  wholes,
} from "./domain.ts";

const TYPE = { shape: [10, 10], dtype: "float32" } as const;

Deno.test("drawElements() stays in the domain, and depends on the seed alone", () => {
  for (const domain of [AROUND_ZERO, BESIDE_ZERO, BETWEEN_WHOLES, DISTINCT]) {
    const drawn = drawElements(domain, TYPE, 3);
    assertEquals(drawn, drawElements(domain, TYPE, 3));
    assert(`${drawn}` !== `${drawElements(domain, TYPE, 4)}`);
    assert(drawn.every((x) => x >= domain.min && x <= domain.max));
    assertEquals(drawn, Float64Array.from(new Float32Array(drawn)));
  }
});

Deno.test("drawElements() keeps away from where a step and an offset do not lead", () => {
  const drawn = drawElements(BESIDE_ZERO, TYPE, 0);
  assert(drawn.every((x) => Math.abs(x) >= 0.125));
  assertEquals(new Set(drawn).size, 16);
});

Deno.test("drawElements() spreads distinct elements evenly", () => {
  const drawn = drawElements({ min: 0, max: 1, isDistinct: true }, TYPE, 0);
  const gaps = drawn.toSorted().slice(1).map((x, i) =>
    x - drawn.toSorted()[i]!
  );
  assert(gaps.every((gap) => Math.abs(gap - 0.01) < 1e-6), `${gaps}`);
  assert(`${drawn}` !== `${drawn.toSorted()}`);
});

Deno.test.each<{ domain: Domain; dtype: "bool" | "int32"; want: number[] }>([
  { domain: { min: 0.25, max: 2 }, dtype: "int32", want: [1, 2] },
  { domain: { min: 0.25, max: 0.5 }, dtype: "int32", want: [0] },
  { domain: wholes(-1, 1), dtype: "int32", want: [-1, 0, 1] },
  { domain: AROUND_ZERO, dtype: "bool", want: [0, 1] },
  { domain: TRUTH, dtype: "bool", want: [0, 1] },
])("drawElements() rounds for $dtype into $want", ({ domain, dtype, want }) => {
  const drawn = drawElements(domain, { ...TYPE, dtype }, 0);
  assertEquals(
    [...new Set(drawn)].map((x) => x + 0).sort((a, b) => a - b),
    want,
  );
});

Deno.test("placeInDomain() comes to both ends of a stepped domain", () => {
  assertEquals(placeInDomain(wholes(-1, 4), 0), -1);
  assertEquals(placeInDomain(wholes(-1, 4), 1 - 2 ** -24), 4);
  assertEquals(placeInDomain({ min: 1, max: 3 }, 0.5), 2);
});
