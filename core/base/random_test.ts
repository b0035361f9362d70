import { assert, assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "./errors.ts";
import {
  fillNormal,
  fillUniform,
  philox,
  type RandomKey,
  randomKey,
  splitKey,
} from "./random.ts";

type Words = readonly [number, number, number, number];

const ONES = 0xffffffff;

// Expected values: the known-answer vectors of Random123 for philox4x32-10.
Deno.test.each<{ name: string; key: RandomKey; counter: Words; want: Words }>([
  {
    name: "zeros",
    key: [0, 0],
    counter: [0, 0, 0, 0],
    want: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  },
  {
    name: "ones",
    key: [ONES, ONES],
    counter: [ONES, ONES, ONES, ONES],
    want: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    name: "the digits of pi",
    key: [0xa4093822, 0x299f31d0],
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    want: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
])("philox() $name", ({ key, counter, want }) => {
  const words = new Uint32Array(4);
  philox(key, counter, words);
  assertEquals([...words], [...want]);
});

Deno.test.each([
  { seed: 0, want: [0, 0] },
  { seed: 7, want: [7, 0] },
  { seed: 2 ** 32 - 1, want: [ONES, 0] },
  { seed: 2 ** 32, want: [0, 1] },
  { seed: 2 ** 53 - 1, want: [ONES, 2 ** 21 - 1] },
])("randomKey() keeps all bits of $seed", ({ seed, want }) => {
  assertEquals(randomKey(seed), want as [number, number]);
});

Deno.test.each([{ seed: -1 }, { seed: 0.5 }, { seed: NaN }, { seed: 2 ** 53 }])(
  "randomKey() rejects $seed",
  ({ seed }) => {
    const error = assertThrows(() => randomKey(seed), OptionError);
    assertEquals(error.code, "INVALID_OPTION");
  },
);

// The words of the first known answer, from the formulas of the documentation.
Deno.test("fillUniform() is frozen: the upper 24 bits of each word", () => {
  const values = new Float32Array(3);
  fillUniform([0, 0], values);
  const want = [0x6627e8, 0xe169c5, 0xbc57ac].map((bits) => bits / 2 ** 24);
  assertEquals([...values], want);
});

Deno.test("fillNormal() is frozen: Box–Muller on pairs of words", () => {
  const values = new Float64Array(4);
  fillNormal([0, 0], values);
  const pairs = [[0x6627e8d5, 0xe169c58d], [0xbc57ac4c, 0x9b00dbd8]] as const;
  const want = pairs.flatMap(([a, b]) => {
    const radius = Math.sqrt(-2 * Math.log((a + 1) / 2 ** 32));
    const angle = 2 * Math.PI * b / 2 ** 32;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  assertEquals([...values], want);
});

Deno.test.each([
  { name: "fillUniform", fill: fillUniform },
  { name: "fillNormal", fill: fillNormal },
])("$name() does not depend on how many are drawn", ({ fill }) => {
  const all = new Float64Array(13);
  fill([3, 4], all);
  for (let count = 0; count <= 13; count++) {
    const some = new Float64Array(count);
    fill([3, 4], some);
    assertEquals(some, all.slice(0, count));
  }
});

Deno.test("fillUniform() draws by the third word of the counter", () => {
  const values = new Float32Array(5);
  fillUniform([3, 4], values, { draw: 9 });
  const words = new Uint32Array(4);
  philox([3, 4], [0, 0, 9, 0], words);
  assertEquals(
    [...values.subarray(0, 4)],
    [...words].map((word) => (word >>> 8) / 2 ** 24),
  );
  philox([3, 4], [1, 0, 9, 0], words);
  assertEquals(values[4], (words[0]! >>> 8) / 2 ** 24);
});

/** Sample moments: mean, variance, skewness, kurtosis. */
function momentsOf(values: Float64Array): number[] {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const central = [2, 3, 4].map((power) =>
    values.reduce((sum, x) => sum + (x - mean) ** power, 0) / values.length
  );
  const [variance, third, fourth] = central as [number, number, number];
  return [mean, variance, third / variance ** 1.5, fourth / variance ** 2];
}

Deno.test.each([
  { name: "fillUniform", fill: fillUniform, want: [1 / 2, 1 / 12, 0, 9 / 5] },
  { name: "fillNormal", fill: fillNormal, want: [0, 1, 0, 3] },
])("$name() has the moments of its distribution", ({ fill, want }) => {
  const values = new Float64Array(100_000);
  for (const seed of [1, 2, 3]) {
    fill(randomKey(seed), values);
    momentsOf(values).forEach((moment, i) => {
      // Five standard errors of the widest of them, the kurtosis of the normal distribution.
      assert(
        Math.abs(moment - want[i]!) < 5 * Math.sqrt(24 / values.length),
        `moment ${i + 1} is ${moment}, seed ${seed}`,
      );
    });
  }
});

Deno.test("fillUniform() stays in [0, 1), fillNormal() is finite", () => {
  const values = new Float32Array(100_000);
  fillUniform([5, 5], values);
  assert(values.every((x) => x >= 0 && x < 1));
  fillNormal([5, 5], values);
  assert(values.every((x) => Number.isFinite(x) && Math.abs(x) < 6.67));
});

Deno.test("splitKey() gives each index a key of its own, the same every time", () => {
  const key = randomKey(1);
  const indices = [...Array(1000).keys(), 2 ** 32, 2 ** 32 + 1, 2 ** 40];
  const keys = new Set(indices.map((index) => `${splitKey(key, index)}`));
  assertEquals(keys.size, indices.length);
  assertEquals(keys.has(`${key}`), false);
  assertEquals(splitKey(key, 3), splitKey(key, 3));
});

Deno.test("splitKey() gives keys that no draw contains", () => {
  // The first block of a draw has the words that a split without its mark would give.
  const words = new Uint32Array(4);
  philox([1, 2], [0, 0, 0, 0], words);
  assertEquals(`${splitKey([1, 2], 0)}` === `${[words[0], words[1]]}`, false);
});

Deno.test("splitKey() gives keys whose draws do not move together", () => {
  const key = randomKey(9);
  const [a, b] = [new Float64Array(50_000), new Float64Array(50_000)];
  fillNormal(splitKey(key, 0), a);
  for (const other of [key, splitKey(key, 1), randomKey(10)]) {
    fillNormal(other, b);
    const correlation = a.reduce((sum, x, i) => sum + x * b[i]!, 0) / a.length;
    assert(Math.abs(correlation) < 5 / Math.sqrt(a.length), `${correlation}`);
  }
});
