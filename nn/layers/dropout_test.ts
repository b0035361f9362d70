import { assert, assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../core/base/mod.ts";
import { ones, tensor } from "../../ops/mod.ts";
import { ArrayDataset } from "../data/array_dataset.ts";
import { DataLoader } from "../data/data_loader.ts";
import { mse } from "../losses/mse.ts";
import { Sgd } from "../optimizers/sgd.ts";
import { Trainer } from "../train/trainer.ts";
import { Dropout } from "./dropout.ts";
import { Linear } from "./linear.ts";
import { Sequential } from "./sequential.ts";

const X = ones([10_000]);

async function kept(layer: Dropout): Promise<number[]> {
  const y = await layer.forward(X).data();
  return [...y.keys()].filter((i) => y[i] !== 0);
}

Deno.test("Dropout leaves out as many as it is told to, and keeps the mean", async () => {
  const layer = new Dropout({ probability: 0.2, seed: 3 });
  const y = await layer.forward(X).data();
  const share = y.filter((value) => value === 0).length / y.length;
  // Five standard deviations of a share of 10,000.
  assert(Math.abs(share - 0.2) < 5 * Math.sqrt(0.2 * 0.8 / 1e4), `${share}`);
  assertEquals(new Set(y), new Set([0, Math.fround(1.25)]));
});

Deno.test("Dropout does nothing in use, nor with a probability of 0", () => {
  const layer = new Dropout().eval();
  assertEquals(layer.forward(X) === X, true);
  assertEquals(new Dropout({ probability: 0 }).forward(X) === X, true);
});

Deno.test("Dropout draws again when a step was stored, and for each place it stands in", async () => {
  const layer = new Dropout({ seed: 1 });
  const first = await kept(layer);
  layer.takeUpdates();
  assertEquals(await kept(layer), first);
  const second = await kept(layer);
  await layer.storeUpdates();
  const third = await kept(layer);
  const all = [first, second, third].map(String);
  assertEquals(new Set(all).size, 3);
  assertEquals(await layer.draws.item(), 2);
});

Deno.test("Dropout of another seed leaves out others", async () => {
  const [a, b] = [1, 2].map((seed) => kept(new Dropout({ seed })));
  assertEquals(String(await a) === String(await b), false);
});

Deno.test("Dropout is no part of a state dict", () => {
  const layer = new Dropout();
  assertEquals(layer.stateDict().size, 0);
  assertEquals([...layer.parameters().keys()], ["draws"]);
});

Deno.test("Dropout draws anew at each step of a Trainer", async () => {
  const dropout = new Dropout({ seed: 4 });
  const model = new Sequential([
    dropout,
    new Linear({ inFeatures: 4, outFeatures: 1 }),
  ]);
  const data = new DataLoader(
    new ArrayDataset({
      inputs: new Float32Array(32).fill(1),
      inputShape: [4],
      targets: new Float32Array(8),
      targetShape: [1],
    }),
    { batchSize: 2 },
  );
  using trainer = new Trainer({ model, loss: mse, optimizer: new Sgd() });
  await trainer.fit(data, { epochs: 3, validation: data });
  // Four batches an epoch; none of validation.
  assertEquals(await dropout.draws.item(), 12);
});

Deno.test("Dropout lets slopes through where it lets values through", async () => {
  const { assertGradients } = await import("../../testing/mod.ts");
  const layer = new Dropout({ seed: 2 });
  await assertGradients((x) => {
    layer.takeUpdates();
    return layer.forward(x!);
  }, [tensor([1, -2, 3, 0.5])]);
});

Deno.test.each([{ probability: 1 }, { probability: -0.1 }, {
  probability: NaN,
}])(
  "Dropout rejects the probability $probability",
  ({ probability }) => {
    const error = assertThrows(() => new Dropout({ probability }), OptionError);
    assertEquals(error.code, "INVALID_OPTION");
  },
);
