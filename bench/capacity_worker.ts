/**
 * Computes for a while and says how much it computed.
 *
 * @module
 */
import { Ceiling } from "../runtime/cli/bench/ceiling.ts";

/** The part of a worker's scope that is used; its types are not those of the page. */
interface Scope {
  onmessage: ((event: MessageEvent<number>) => void) | null;
  postMessage(message: number): void;
}

const scope = globalThis as typeof globalThis & Scope;
const ceiling = new Ceiling();
const FLOPS = 2e7;

function compute(durationMs: number): number {
  const startMs = performance.now();
  let flops = 0;
  let elapsedMs = 0;
  while (elapsedMs < durationMs) {
    ceiling.run({ kind: "flops", flops: FLOPS });
    flops += FLOPS;
    elapsedMs = performance.now() - startMs;
  }
  return flops / elapsedMs;
}

compute(100); // Until the code is fast.
scope.onmessage = ({ data }) => scope.postMessage(compute(data));
scope.postMessage(0);
