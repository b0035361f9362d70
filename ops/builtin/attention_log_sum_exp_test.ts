import { assertEquals, assertThrows } from "@std/assert";
import { DTypeError, ShapeError } from "../../core/base/mod.ts";
import {
  assertClose,
  assertGradients,
  computeElements,
  randomArray,
} from "../../testing/mod.ts";
import { tensor, zeros } from "../create.ts";
import { gradients } from "../gradients.ts";
import { Tensor } from "../tensor.ts";
import type { AttentionAttributes } from "./attention_shapes.ts";
import { attentionLogSumExp } from "./attention_log_sum_exp.ts";

const PLAIN: AttentionAttributes = { causal: false, scale: null };

function logSumExp(
  [query, key, mask]: readonly Tensor[],
  settings = PLAIN,
): Tensor {
  const inputs = { query: query!.node, key: key!.node, mask: mask?.node ?? 0 };
  return new Tensor(attentionLogSumExp(inputs, settings));
}

const QUERY = tensor(randomArray(12, 1), { shape: [2, 3, 2] });
const KEY = tensor(randomArray(8, 2), { shape: [4, 2] });
const MASK = tensor(randomArray(12, 3), { shape: [3, 4] });

// Oracle: the formula, with sums and logarithms of other operators.
Deno.test("attentionLogSumExp() is the logarithm of the sum of exponentials", async () => {
  const scores = QUERY.matmul(KEY.transpose()).div(Math.SQRT2).add(MASK);
  const y = logSumExp([QUERY, KEY, MASK]);
  assertEquals(y.shape, [2, 3]);
  const want = await computeElements(scores.exp().sum(-1).log());
  assertClose(await computeElements(y), want, { tolerance: 1e-12 });
});

Deno.test("attentionLogSumExp() of nothing is -Infinity", async () => {
  const y = logSumExp([QUERY, zeros([0, 2])]);
  assertEquals([...await computeElements(y)], Array(6).fill(-Infinity));
});

Deno.test.each<{ name: string; settings: AttentionAttributes }>([
  { name: "plain", settings: PLAIN },
  { name: "causal", settings: { causal: true, scale: 0.3 } },
])(
  "attentionLogSumExp() has the gradients of central differences: $name",
  async ({ settings }) => {
    const inputs = [QUERY, KEY, MASK];
    await assertGradients((...inputs) => logSumExp(inputs, settings), inputs);
    await assertGradients((...inputs) => {
      const y = logSumExp(inputs, settings);
      return gradients(y.mul(y).sum(), inputs)[0]!;
    }, inputs);
  },
);

Deno.test("attentionLogSumExp() rejects what does not fit", () => {
  assertThrows(
    () => logSumExp([QUERY, zeros([4, 3])]),
    ShapeError,
    "query and key must have equal last sizes",
  );
  assertThrows(
    () => logSumExp([QUERY, KEY, zeros([2, 4])]),
    ShapeError,
    "sizes must be equal or 1",
  );
  assertThrows(
    () => logSumExp([QUERY, KEY, zeros([4], { dtype: "int32" })]),
    DTypeError,
  );
});
