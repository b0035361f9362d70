import { assert, assertEquals } from "@std/assert";
import { FACTOR_MAX, fourierFactors, quickSize } from "./fourier_factors.ts";

Deno.test("fourierFactors() multiplies up to the size, and takes no large factor", () => {
  for (let size = 2; size < 2000; size++) {
    const factors = fourierFactors(size);
    if (!factors) {
      // Oracle: trial division.
      let rest = size;
      for (let prime = 2; prime <= FACTOR_MAX; prime++) {
        while (rest % prime === 0) rest /= prime;
      }
      assert(rest > 1, `${size} has small factors only`);
      continue;
    }
    assertEquals(factors.reduce((product, each) => product * each), size);
    assert(factors.every((each) => each > 1 && each <= FACTOR_MAX));
  }
});

Deno.test("fourierFactors() takes few stages of moderate size", () => {
  assertEquals(fourierFactors(31), [31]);
  assertEquals(fourierFactors(64), [8, 8]);
  assertEquals(fourierFactors(1024), [32, 32]);
  assert(fourierFactors(1_000_000)!.length <= 5);
});

Deno.test("quickSize() gives the next product of 2, 3 and 5", () => {
  const isQuick = (size: number) => {
    for (const prime of [2, 3, 5]) while (size % prime === 0) size /= prime;
    return size === 1;
  };
  for (let least = 1; least < 1000; least++) {
    let want = least;
    while (!isQuick(want)) want++;
    assertEquals(quickSize(least), want);
  }
});
