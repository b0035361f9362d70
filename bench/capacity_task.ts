import type { CeilingWork } from "../runtime/cli/bench/ceiling.ts";

/** What a thread is told to do. */
export interface CapacityTask {
  /** What it does again and again. */
  readonly work: CeilingWork;
  /** For how long. */
  readonly durationMs: number;
}

/**
 * Divides work between threads. Operations in registers need no sharing: there is no end of them.
 *
 * @param work What one thread does.
 * @param threads How many there are.
 * @returns What each of them does.
 */
export function sharedWork(work: CeilingWork, threads: number): CeilingWork {
  return work.kind === "flops"
    ? work
    : { ...work, bytes: work.bytes / threads };
}

/**
 * Tells how much work is.
 *
 * @param work The work.
 * @returns Operations or bytes.
 */
export function amountOf(work: CeilingWork): number {
  return work.kind === "flops" ? work.flops : work.bytes;
}
