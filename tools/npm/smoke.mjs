// Run by Node in a folder where the package is installed: what needs no Deno works, and what does says so.
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import worker from "node:worker_threads";
import * as st from "@spiraltorch/spiraltorch";
import { createWasmBackend } from "@spiraltorch/spiraltorch/kernels/wasm";
import { opcheck } from "@spiraltorch/spiraltorch/testing";

// Tensors and gradients.
const x = st.tensor([[1, 2], [3, 4]]);
const [slope] = st.gradients(x.matmul(x).relu().mean(), [x]);
assert.deepEqual(await slope.array(), [[1.75, 2.75], [2.25, 3.25]]);
const half = st.tensor([1, 1.5], { dtype: "float16" });
assert.deepEqual(await half.add(half).array(), [2, 3]);

// A network learns a sine.
const inputs = Float32Array.from({ length: 512 }, (_, i) => i / 256 - 1);
const model = new st.Sequential([
  new st.Linear({ inFeatures: 1, outFeatures: 32, seed: 1 }),
  new st.Tanh(),
  new st.Linear({ inFeatures: 32, outFeatures: 1, seed: 2 }),
]);
const optimizer = new st.Adam({ learningRate: 0.01 });
const trainer = new st.Trainer({ model, loss: st.mse, optimizer });
const points = new st.ArrayDataset({
  inputs,
  inputShape: [1],
  targets: inputs.map((x) => Math.sin(3 * x)),
  targetShape: [1],
});
await trainer.fit(new st.DataLoader(points, { shuffle: true }), { epochs: 50 });
const sine = await model.forward(st.tensor([[0.5]])).item();
assert(Math.abs(sine - Math.sin(1.5)) < 0.05, `sine of 1.5 is ${sine}`);
trainer[Symbol.dispose]();

// A compiled function on threads gives the bits that one thread gives.
let started = 0;
const { Worker } = worker;
worker.Worker = class extends Worker {
  constructor(...args) {
    super(...args);
    started++;
  }
};
const size = 512;
const data = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i));
async function product(threads) {
  const backend = createWasmBackend({ threads });
  const matrix = st.tensor(data, { shape: [size, size] });
  const square = st.compile((m) => m.matmul(m), { backend });
  const result = await (await square(matrix)).data();
  await backend[Symbol.asyncDispose]();
  return result;
}
const alone = await product(1);
assert.equal(started, 0);
assert.deepEqual(await product(2), alone);
assert(started > 0, "no thread was started");

// An inline plugin brings an operator, which holds what it promises.
const ecosystem = await st.createEcosystem();
const operator = st.defineOperator({
  name: "acme:swish",
  inputs: ["x"],
  forward: ([x]) => x.mul(x.sigmoid()),
});
await ecosystem.plugins.register(st.definePlugin({
  metadata: { id: "acme.swish", version: "1.0.0" },
  onLoad: (context) => void context.operators.register(operator),
}));
const [y] = ecosystem.operators.execute("acme:swish", [st.tensor([1])]);
assert(Math.abs(await y.item() - 0.731058579) < 1e-6);
assert((await opcheck(operator, [{ inputs: [[2, 3]] }])).ok);

// What needs a process of Deno's says so.
await assert.rejects(
  ecosystem.loader.load("https://plugins.example/swish.ts"),
  { code: "ISOLATION_UNAVAILABLE" },
);
await ecosystem[Symbol.asyncDispose]();

const cores = availableParallelism();
process.stdout.write(`ok: Node ${process.versions.node}, ${cores} cores\n`);
