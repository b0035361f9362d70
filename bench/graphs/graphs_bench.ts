/**
 * What describing a computation costs, before anything is computed: a graph of 10,000 calls, its
 * gradient, its tangent and its batch. First calls are measured in a new worker each, where no code has
 * run before but what loads the library.
 */
import { gradients, jvp, vmap } from "@spiraltorch/spiraltorch/ops";
import { model, WEIGHT, X } from "./model.ts";

const WORKERS = 20;

Deno.bench("describe 10,000 calls", () => {
  model(X);
});

Deno.bench("the gradient of 10,000 calls", (bench) => {
  const loss = model(X);
  bench.start();
  gradients(loss, [X, WEIGHT]);
  bench.end();
});

Deno.bench("the tangent of 10,000 calls, described as well", () => {
  jvp(model, [X], [X]);
});

const rows = X.reshape([1, 2, 2]);

Deno.bench("the batch of 10,000 calls, described as well", () => {
  vmap(model)(rows);
});

for (
  const [name, ...work] of [
    ["describe 10,000 calls, the first time", "describe"],
    [
      "the gradient of 10,000 calls, the first time",
      "describe",
      "differentiate",
    ],
  ] as const
) {
  Deno.bench({
    name,
    n: WORKERS,
    warmup: 0,
    // Bench times what is no async function to its first pause.
    fn: async (bench) => await timeLast(work, bench),
  });
}

/** Has a new worker do one thing after the other, and times the last. */
async function timeLast(
  work: readonly string[],
  bench: Deno.BenchContext,
): Promise<void> {
  const script = new URL("./first_calls.ts", import.meta.url);
  const worker = new Worker(script, { type: "module" });
  await answerOf(worker);
  for (const one of work.slice(0, -1)) {
    worker.postMessage(one);
    await answerOf(worker);
  }
  bench.start();
  worker.postMessage(work.at(-1));
  await answerOf(worker);
  bench.end();
  worker.terminate();
}

function answerOf(worker: Worker): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.onmessage = () => resolve();
  worker.onerror = ({ message }) => reject(new Error(message));
  return promise;
}
