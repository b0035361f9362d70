import { assert, assertEquals, assertThrows } from "@std/assert";
import { OptionError, randomKey, splitKey } from "../../core/base/mod.ts";
import { gaussianNoise, inTurn, randomFlip, randomShift } from "./augment.ts";
import type { Augmentation } from "./augmentation.ts";
import type { Sample } from "./sample.ts";

/** An image of 2 channels, 2 rows and 3 columns. */
const IMAGE: Sample = {
  input: {
    shape: [2, 2, 3],
    data: Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60),
  },
  target: { shape: [], data: Int32Array.of(7) },
};

/** What an augmentation gives for many keys. */
function results(augment: Augmentation): Set<string> {
  const before = String(IMAGE.input.data);
  const found = new Set<string>();
  for (let i = 0; i < 200; i++) {
    const { input, target } = augment(IMAGE, splitKey(randomKey(1), i));
    assertEquals(input.shape, IMAGE.input.shape);
    assertEquals(target, IMAGE.target);
    found.add(String(input.data));
  }
  assertEquals(String(IMAGE.input.data), before);
  return found;
}

Deno.test("randomFlip() mirrors each row, or nothing", () => {
  const mirrored = "3,2,1,6,5,4,30,20,10,60,50,40";
  assertEquals(
    results(randomFlip()),
    new Set([String(IMAGE.input.data), mirrored]),
  );
  assertEquals(results(randomFlip({ probability: 1 })), new Set([mirrored]));
  assertEquals(results(randomFlip({ probability: 0 })).has(mirrored), false);
});

Deno.test("randomShift() moves all channels alike, and nothing across an edge", () => {
  const found = results(randomShift({ by: 1 }));
  assertEquals(found.size, 9);
  for (
    const want of [
      "1,2,3,4,5,6,10,20,30,40,50,60",
      "0,1,2,0,4,5,0,10,20,0,40,50",
      "2,3,0,5,6,0,20,30,0,50,60,0",
      "0,0,0,1,2,3,0,0,0,10,20,30",
      "5,6,0,0,0,0,50,60,0,0,0,0",
    ]
  ) {
    assert(found.has(want), want);
  }
});

Deno.test("gaussianNoise() adds numbers of the deviation", () => {
  const augment = gaussianNoise({ deviation: 0.5 });
  const zeros = {
    ...IMAGE,
    input: { shape: [4000], data: new Float32Array(4000) },
  };
  const data = [...augment(zeros, randomKey(2)).input.data];
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  const variance = data.reduce((sum, x) => sum + x * x, 0) / data.length;
  assert(Math.abs(mean) < 0.03 && Math.abs(variance - 0.25) < 0.02);
});

Deno.test("an augmentation depends on its key only", () => {
  const augment = inTurn([
    randomFlip(),
    randomShift({ by: 2 }),
    gaussianNoise({ deviation: 1 }),
  ]);
  const key = randomKey(9);
  assertEquals(augment(IMAGE, key), augment(IMAGE, key));
  assert(
    String(augment(IMAGE, key).input.data) !==
      String(augment(IMAGE, randomKey(8)).input.data),
  );
});

Deno.test("augmentations reject what cannot be", () => {
  for (
    const make of [
      () => randomFlip({ probability: 1.5 }),
      () => randomFlip({ probability: NaN }),
      () => randomShift({ by: -1 }),
      () => randomShift({ by: 0.5 }),
      () => gaussianNoise({ deviation: -1 }),
    ]
  ) {
    assertEquals(assertThrows(make, OptionError).code, "INVALID_OPTION");
  }
});
