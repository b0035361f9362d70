import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { ones, randomNormal, tensor } from "../../ops/mod.ts";
import { assertClose, assertGradients } from "../../testing/mod.ts";
import { ArrayDataset } from "../data/array_dataset.ts";
import { DataLoader } from "../data/data_loader.ts";
import { mse } from "../losses/mse.ts";
import { Sgd } from "../optimizers/sgd.ts";
import { seedKey } from "../seed.ts";
import { Trainer } from "../train/trainer.ts";
import { Embedding } from "./embedding.ts";
import { Linear } from "./linear.ts";
import { LoraLinear } from "./lora_linear.ts";
import { TiedLinear } from "./tied_linear.ts";

const X = randomNormal([4, 3], { key: seedKey(2) });

Deno.test("LoraLinear starts as the layer that it adapts", async () => {
  const linear = new Linear({ inFeatures: 3, outFeatures: 2, seed: 1 });
  const adapted = new LoraLinear(linear, { rank: 2 });
  assertEquals(await adapted.forward(X).data(), await linear.forward(X).data());
});

Deno.test("LoraLinear.mergedWeight() does what layer and adapter do", async () => {
  const linear = new Linear({ inFeatures: 3, outFeatures: 2, bias: false });
  const adapted = new LoraLinear(linear, { rank: 2, alpha: 6, seed: 1 });
  const state = adapted.stateDict();
  state.set("loraB", tensor([[1, -2], [0.5, 3]]));
  await adapted.loadStateDict(state);
  const merged = X.matmul(adapted.mergedWeight());
  assertClose(await adapted.forward(X).data(), await merged.data(), {
    tolerance: 1e-5,
  });
  // Oracle: x W + 3 x A B, three times the rank being 6.
  const share = X.matmul(adapted.loraA).matmul(adapted.loraB).mul(3);
  assertClose(
    await adapted.forward(X).data(),
    await linear.forward(X).add(share).data(),
    { tolerance: 1e-5 },
  );
});

Deno.test("LoraLinear has gradients that agree with central differences", async () => {
  const linear = new Linear({ inFeatures: 3, outFeatures: 2, seed: 1 });
  const adapted = new LoraLinear(linear, { rank: 1, seed: 3 });
  await assertGradients((x) => adapted.forward(x!).sum(), [X]);
});

Deno.test("LoraLinear learns by its adapter alone", async () => {
  const linear = new Linear({ inFeatures: 1, outFeatures: 1, seed: 1 });
  const before = Array.from(await linear.weight.data());
  const model = new LoraLinear(linear, { rank: 1, seed: 2 });
  const data = new DataLoader(
    new ArrayDataset({
      inputs: Float32Array.of(-1, 1),
      inputShape: [1],
      targets: Float32Array.of(-5, 5),
      targetShape: [1],
    }),
  );
  const optimizer = new Sgd({ learningRate: 0.1 });
  using trainer = new Trainer({ model, loss: mse, optimizer });
  const { epochs } = await trainer.fit(data, { epochs: 100 });
  assertEquals(epochs.at(-1)!.loss < epochs[0]!.loss / 10, true);
  assertEquals(Array.from(await linear.weight.data()), before);
});

Deno.test("LoraLinear refuses a rank of 0 and a negative strength", () => {
  const linear = new Linear({ inFeatures: 3, outFeatures: 2 });
  for (const options of [{ rank: 0 }, { rank: 1, alpha: -1 }]) {
    assertThrows(() => new LoraLinear(linear, options), OptionError);
  }
});

Deno.test("TiedLinear scores by the weights of its embedding", async () => {
  const words = new Embedding({ numEmbeddings: 4, embeddingDim: 3, seed: 1 });
  const scores = new TiedLinear(words).forward(ones([2, 3]));
  const sums = await words.weight.sum(1).data();
  assertClose(await scores.data(), [...sums, ...sums], { tolerance: 1e-6 });
});
