// What recording calls of operators costs beside an ecosystem to which nobody listens: nothing that
// could be measured, at most 2 %. An iteration is a thousand calls.

import { type Tensor, tensor } from "../ops/mod.ts";
import { createEcosystem } from "./create_ecosystem.ts";

const CALLS = 1000;
const x = tensor([1, 2, 3]);

function record(): Tensor {
  let y = x;
  for (let index = 0; index < CALLS; index++) y = y.add(x);
  return y;
}

const group = `recording ${CALLS} calls`;

// All of them make an ecosystem, so that all leave the same to the collector.
Deno.bench("after an ecosystem", { group, baseline: true }, async (bench) => {
  await (await createEcosystem({ backend: "reference" }))
    [Symbol.asyncDispose]();
  bench.start();
  record();
  bench.end();
});

Deno.bench(
  "in an ecosystem to which nobody listens",
  { group },
  async (bench) => {
    await using _ecosystem = await createEcosystem({ backend: "reference" });
    bench.start();
    record();
    bench.end();
  },
);

Deno.bench("in one with a listener to TensorOp", { group }, async (bench) => {
  await using ecosystem = await createEcosystem({ backend: "reference" });
  ecosystem.events.subscribe("TensorOp", () => {});
  bench.start();
  record();
  bench.end();
});
