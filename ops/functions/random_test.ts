// Oracle: what the distributions promise, within four standard errors; keys are fixed.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../../core/base/mod.ts";
import { full, ones, tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import type { Tensor } from "../tensor.ts";
import * as random from "./random.ts";

const COUNT = 20_000;

/** Asserts the mean of independent elements whose variance is known. */
async function assertMean(
  x: Tensor,
  { mean, variance }: { readonly mean: number; readonly variance: number },
): Promise<void> {
  const elements = Float64Array.from(await x.data());
  const found = elements.reduce((a, b) => a + b, 0) / elements.length;
  const error = Math.sqrt(variance / elements.length);
  assert(Math.abs(found - mean) <= 4 * error, `found ${found}, want ${mean}`);
}

Deno.test("bernoulli() is true as often as it is likely", async () => {
  const y = random.bernoulli(full([COUNT], 0.3), { key: 1 });
  assertEquals(y.dtype, "bool");
  await assertMean(y, { mean: 0.3, variance: 0.21 });
  const ends = random.bernoulli(tensor([0, 1]), { key: 2 });
  assertEquals(await ends.array(), [0, 1]);
});

Deno.test("gumbelSoftmax() draws classes as softmax weighs them, with the slope of shares", async () => {
  const logits = tensor([0.1, 0.3, 0.6]).log().expand([COUNT, 3]);
  const hard = random.gumbelSoftmax(logits, { key: 3, hard: true });
  // The same draws as those of a class.
  const classes = random.categorical(logits, { key: 3 });
  assertEquals(await hard.argmax(-1).array(), await classes.array());
  assertEquals(new Set(await hard.data()), new Set([0, 1]));
  const few = tensor([[1, 2, 0.5], [0, 0.2, 3]]);
  const weights = tensor([[1, 2, 3], [4, 5, 6]]);
  for (const axis of [0, 1]) {
    const [slope, want] = [true, false].map((hard) => {
      const y = random.gumbelSoftmax(few, { key: 5, hard, axis });
      return gradients(y.mul(weights).sum(), [few])[0]!;
    });
    assertEquals(await slope!.array(), await want!.array());
    const y = random.gumbelSoftmax(few, { key: 5, hard: true, axis });
    assertEquals(await y.sum(axis).data(), new Float32Array(3 - axis).fill(1));
  }
  const cold = random.gumbelSoftmax(few, { key: 5, temperature: 1e-3 });
  const sure = random.gumbelSoftmax(few, { key: 5, hard: true });
  assertEquals(await cold.round().array(), await sure.array());
});

Deno.test("categorical() draws classes as softmax weighs them", async () => {
  const logits = tensor([Math.log(1), Math.log(3), -Infinity]);
  const y = random.categorical(logits.expand([COUNT, 3]), { key: 3 });
  assertEquals(y.dtype, "int32");
  assertEquals(Math.max(...await y.data()), 1);
  await assertMean(y, { mean: 3 / 4, variance: 3 / 16 });
  assertEquals(random.categorical(zeros([3, 2]), { key: 0 }, 0).shape, [2]);
});

Deno.test("dropout() keeps the mean, and the gradient of what it kept", async () => {
  const y = random.dropout(ones([COUNT]), { rate: 0.2, key: 4 });
  await assertMean(y, { mean: 1, variance: 0.25 });
  const x = ones([8]);
  const kept = random.dropout(x, { key: 5 });
  const [slope] = gradients(kept.sum(), [x]);
  assertEquals(await slope!.array(), await kept.array());
  const none = random.dropout(x, { rate: 1, key: 5 });
  assertEquals(await none.array(), [0, 0, 0, 0, 0, 0, 0, 0]);
  const all = random.dropout(x, { rate: 0, key: 5 });
  assertEquals(await all.array(), await x.array());
});

Deno.test("dropout() along axes drops whole lines", async () => {
  const y = random.dropout(ones([50, 4]), { axes: -1, key: 6 });
  for (const line of await y.array() as number[][]) {
    assert(new Set(line).size === 1);
  }
});

Deno.test("exponential() and gumbel() have their means", async () => {
  const y = random.exponential([COUNT], { key: 7 });
  await assertMean(y, { mean: 1, variance: 1 });
  assert((await y.data()).every((x) => x >= 0 && Number.isFinite(x)));
  await assertMean(random.gumbel([COUNT], { key: 8 }), {
    mean: 0.5772156649,
    variance: Math.PI ** 2 / 6,
  });
});

Deno.test("permutation() has each number once, in another order for another key", async () => {
  const [a, b] = await Promise.all(
    [1, 2].map((key) => random.permutation(100, { key }).data()),
  );
  assertEquals(
    [...a!].sort((x, y) => x - y),
    Array.from({ length: 100 }, (_, i) => i),
  );
  assert(`${a}` !== `${b}`);
});

Deno.test("randint() has every number of its range, as often", async () => {
  const y = random.randint([COUNT], { low: -2, high: 3, key: 9 });
  assertEquals(y.dtype, "int32");
  await assertMean(y, { mean: 0, variance: 2 });
  assertEquals([...new Set(await y.data())].sort((a, b) => a - b), [
    -2,
    -1,
    0,
    1,
    2,
  ]);
});

Deno.test("truncatedNormal() stays in its range, and has its variance", async () => {
  const y = random.truncatedNormal([COUNT], { key: 10 });
  assert((await y.data()).every((x) => Math.abs(x) <= 2));
  // Variance of a normal number within two standard deviations; the fourth moment bounds the error.
  const variance = 0.7737413035499232;
  await assertMean(y, { mean: 0, variance });
  await assertMean(y.mul(y), { mean: variance, variance: 1 });
  const tail = random.truncatedNormal([1000], { min: 2, max: 4, key: 11 });
  assert((await tail.data()).every((x) => x >= 2 && x <= 4));
});

Deno.test("what is drawn depends on the key and the draw only", async () => {
  const draw = (key: number, place: number) =>
    random.randint([20], {
      high: 1000,
      key,
      draw: tensor(place, { dtype: "int32" }),
    }).array();
  assertEquals(await draw(1, 2), await draw(1, 2));
  assert(`${await draw(1, 2)}` !== `${await draw(1, 3)}`);
});

Deno.test.each<{ name: string; call: () => unknown }>([
  { name: "no key", call: () => random.bernoulli(ones([2]), {} as never) },
  {
    name: "no options",
    call: () => random.dropout(ones([2]), undefined as never),
  },
  {
    name: "a rate above 1",
    call: () => random.dropout(ones([2]), { rate: 2, key: 1 }),
  },
  {
    name: "an empty range",
    call: () => random.randint([2], { low: 3, high: 3, key: 1 }),
  },
  {
    name: "a range of fractions",
    call: () => random.randint([2], { high: 0.5, key: 1 }),
  },
  {
    name: "a range without an end",
    call: () => random.randint([2], { key: 1 } as never),
  },
  {
    name: "a tail too far out",
    call: () => random.truncatedNormal([2], { min: 6, max: 7, key: 1 }),
  },
  {
    name: "a temperature of 0",
    call: () => random.gumbelSoftmax(ones([2]), { key: 1, temperature: 0 }),
  },
  { name: "no logits", call: () => random.categorical(3 as never, { key: 1 }) },
])("$name is reported with a code", ({ call }) => {
  const error = assertThrows(call);
  assert(isCoded(error) && error.code === "INVALID_OPTION", `${error}`);
});
