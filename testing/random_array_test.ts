import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { randomArray } from "./random_array.ts";

Deno.test("randomArray() gives the same values for a seed in every release", () => {
  // The first words of Philox4x32-10 for key (1, 0): their upper 24 bits over 2^22, minus 2.
  const words = [0xe3e80670, 0xe50a0ebc, 0x95f222c0];
  assertEquals(
    randomArray(3, 1),
    Float32Array.from(words, (word) => (word >>> 8) * 2 ** -22 - 2),
  );
});

Deno.test("randomArray() gives other values for another seed", () => {
  assertNotEquals(randomArray(3, 1), randomArray(3, 2));
});

Deno.test.each([
  { options: {}, min: -2, max: 2 },
  { options: { min: 0.5 }, min: 0.5, max: 2 },
  { options: { min: 3, max: 4 }, min: 3, max: 4 },
])("randomArray() fills the range $min to $max", ({ options, min, max }) => {
  const values = randomArray(1000, 5, options);
  assertEquals(values.length, 1000);
  assert(values.every((value) => value >= min && value <= max));
  const width = max - min;
  assert(Math.min(...values) < min + 0.05 * width);
  assert(Math.max(...values) > max - 0.05 * width);
});
