import { assert, assertEquals } from "@std/assert";
import { defaultBackend } from "../../kernels/mod.ts";
import {
  Adam,
  ArrayDataset,
  BatchNorm1d,
  crossEntropy,
  DataLoader,
  Dropout,
  Linear,
  Relu,
  Sequential,
  Trainer,
} from "../../nn/mod.ts";
import { describeTraining } from "./describe_training.ts";

function parts() {
  const inputs = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
  const data = new DataLoader(
    new ArrayDataset({
      inputs,
      inputShape: [2],
      targets: Int32Array.from({ length: 32 }, (_, i) => i % 2),
      targetShape: [],
    }),
    { batchSize: 8, shuffle: true, seed: 3 },
  );
  const model = new Sequential([
    new Linear({ inFeatures: 2, outFeatures: 8 }),
    new BatchNorm1d({ features: 8 }),
    new Relu(),
    new Dropout({ probability: 0.5, seed: 1 }),
    new Linear({ inFeatures: 8, outFeatures: 2 }),
  ]);
  return { data, model };
}

const backend = defaultBackend();

Deno.test("describeTraining() tells the graph, and the kernels of loss and gradients", async () => {
  const { data, model } = parts();
  const { graph, kernels } = await describeTraining({
    model,
    loss: crossEntropy,
    data,
    backend,
  });
  const labels = graph!.boxes.map(({ label }) => label);
  for (const label of ["inputs", "targets", "0.weight", "matmul", "relu"]) {
    assert(labels.includes(label), label);
  }
  assertEquals(kernels!.backend, backend.name);
  assert(kernels!.what.includes("one batch of 8"), kernels!.what);
  assert(kernels!.kernels.some(({ text }) => text.startsWith("contract ")));
  const numbers = 2 * 8 + 8 + 4 * 8 + 8 * 2 + 2;
  assert(kernels!.parameterBytes >= 4 * numbers);
  model.dispose();
});

Deno.test("describeTraining() changes no bit of what is trained", async () => {
  async function train(isDescribed: boolean): Promise<Float32Array[]> {
    const { data, model } = parts();
    using trainer = new Trainer({
      model,
      loss: crossEntropy,
      optimizer: new Adam(),
    });
    if (isDescribed) {
      await describeTraining({ model, loss: crossEntropy, data, backend });
    }
    await trainer.fit(data, { epochs: 2 });
    const values = await Promise.all(
      [...model.stateDict().values()].map((tensor) => tensor.data()),
    );
    model.dispose();
    return values as Float32Array[];
  }
  assertEquals(await train(true), await train(false));
});
