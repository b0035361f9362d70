import type { BenchBackend } from "../options.ts";

/** How a contestant is loaded. */
export interface LoadOptions {
  /** What it computes on. */
  readonly backend: BenchBackend;
  /** Threads that it may use, if it can. */
  readonly threads: number;
}
