import type { Workload } from "../workload.ts";
import { WORKLOADS } from "./all.ts";

/** Operations or bytes from which waking a thread is little beside what it does. */
const LARGE = 2 ** 24;

function isLarge({ work }: Workload): boolean {
  switch (work.kind) {
    case "bytes":
      return work.bytes >= LARGE;
    case "flops":
      return work.flops >= LARGE;
    case "time":
      return (work.flops ?? 0) >= LARGE;
    default:
      return work satisfies never;
  }
}

/** The rows that are worth several threads. */
export const THREAD_WORKLOADS: readonly Workload[] = WORKLOADS.filter(isLarge);
