// What it costs that work may be watched: a small compiled step, watched by nobody, and by somebody who
// does nothing; beside it, the one question that each piece of work asks.

import { observeWork, workObserver } from "../core/base/mod.ts";
import { tensor } from "./create.ts";
import { compile } from "./compile.ts";

const x = await tensor(new Float32Array(64)).realize();
const step = compile((x) => x!.mul(2).add(1));
await step(x);

Deno.bench(
  "a compiled step, watched by nobody",
  { group: "step" },
  async () => {
    (await step(x)).dispose();
  },
);

Deno.bench("a compiled step, watched", { group: "step" }, async (bench) => {
  using _observation = observeWork(["realize", "kernel"], (_, run) => run());
  bench.start();
  (await step(x)).dispose();
  bench.end();
});

Deno.bench("the question", () => void workObserver("realize"));
