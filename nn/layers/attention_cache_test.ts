/** Places seen one after another. Oracle: the same places seen at once. */
import { assertEquals } from "@std/assert";
import { compile, randomNormal, type Tensor } from "../../ops/mod.ts";
import { assertClose } from "../../testing/mod.ts";
import { seedKey } from "../seed.ts";
import { MultiheadAttention } from "./multihead_attention.ts";
import { SinusoidalPositions } from "./sinusoidal_positions.ts";
import { TransformerEncoderLayer } from "./transformer_encoder_layer.ts";

const X = randomNormal([2, 6, 8], { key: seedKey(4) });

function places(from: number, to: number): Tensor {
  return X.slice([null, [from, to]]);
}

Deno.test.each([
  { name: "plain", options: {} },
  { name: "turned by places", options: { rotary: true } },
  { name: "with shared keys", options: { heads: 4, keyHeads: 2 } },
])(
  "MultiheadAttention.attendNext() $name gives what forward() gives",
  async ({ options }) => {
    const config = { features: 8, heads: 2, causal: true, seed: 3, ...options };
    const layer = new MultiheadAttention(config);
    const want = layer.forward(X);
    let cache = layer.cache(2, 9);
    for (const [from, to] of [[0, 3], [3, 4], [4, 5], [5, 6]] as const) {
      const next = layer.attendNext(places(from, to), cache);
      assertClose(
        await next.output.data(),
        await want.slice([null, [from, to]]).data(),
        { tolerance: 1e-5 },
      );
      cache = next.cache;
    }
    assertEquals(await cache.length.item(), 6);
  },
);

Deno.test("TransformerEncoderLayer.encodeNext() is one compiled step for all places", async () => {
  const layer = new TransformerEncoderLayer({
    features: 8,
    heads: 2,
    causal: true,
    rotary: true,
    seed: 3,
  }).eval();
  await layer.realize();
  const want = layer.forward(X);
  let traces = 0;
  using step = compile((x, key, value, length) => {
    traces++;
    const cache = { key: key!, value: value!, length: length! };
    const { output, cache: after } = layer.encodeNext(x!, cache);
    return [output, after.key, after.value, after.length];
  });
  const empty = layer.attention.cache(2, 6);
  let [key, value, length] = [empty.key, empty.value, empty.length];
  for (let i = 0; i < 6; i++) {
    const [output, ...kept] = await step(places(i, i + 1), key, value, length);
    [key, value, length] = kept as [Tensor, Tensor, Tensor];
    assertClose(
      await output!.data(),
      await want.slice([null, [i, i + 1]]).data(),
      { tolerance: 1e-5 },
    );
  }
  assertEquals(traces, 1);
});

Deno.test("SinusoidalPositions.from() goes on where places ended", async () => {
  const layer = new SinusoidalPositions({ features: 8 });
  const want = layer.forward(X).slice([null, [4, 6]]);
  assertClose(await layer.from(places(4, 6), 4).data(), await want.data());
});
