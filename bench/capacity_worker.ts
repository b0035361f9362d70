/**
 * Does what it is told for a while, and says how much it did.
 *
 * @module
 */
import { Ceiling } from "../runtime/cli/bench/ceiling.ts";
import { amountOf, type CapacityTask } from "./capacity_task.ts";

/** The part of a worker's scope that is used; its types are not those of the page. */
interface Scope {
  onmessage: ((event: MessageEvent<CapacityTask>) => void) | null;
  postMessage(message: number): void;
}

const scope = globalThis as typeof globalThis & Scope;
const ceiling = new Ceiling();

/** Operations or bytes a millisecond. */
function rate({ work, durationMs }: CapacityTask): number {
  const startMs = performance.now();
  let amount = 0;
  let elapsedMs = 0;
  while (elapsedMs < durationMs) {
    ceiling.run(work);
    amount += amountOf(work);
    elapsedMs = performance.now() - startMs;
  }
  return amount / elapsedMs;
}

// Until the code is fast.
rate({ work: { kind: "flops", flops: 2e7 }, durationMs: 100 });
for (const loop of ["add", "copy", "read"] as const) {
  rate({ work: { kind: "bytes", bytes: 2 ** 24, loop }, durationMs: 50 });
}
scope.onmessage = ({ data }) => scope.postMessage(rate(data));
scope.postMessage(0);
