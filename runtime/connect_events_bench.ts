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

Deno.bench("without an ecosystem", { group, baseline: true }, () => {
  record();
});

Deno.bench(
  "with an ecosystem to which nobody listens",
  { group },
  async (bench) => {
    await using _ecosystem = await createEcosystem({ backend: "reference" });
    bench.start();
    record();
    bench.end();
  },
);

Deno.bench("with a listener to TensorOp", { group }, async (bench) => {
  await using ecosystem = await createEcosystem({ backend: "reference" });
  ecosystem.events.subscribe("TensorOp", () => {});
  bench.start();
  record();
  bench.end();
});
