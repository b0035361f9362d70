import { itemBytes, sizeOf } from "../../core/base/mod.ts";
import type { Node } from "../graph/node.ts";
import type { ScheduledKernel } from "./build_kernel.ts";

/** Where values are kept between the kernels that write and read them. */
export interface MemoryPlan {
  /** Sizes of the temporaries, in bytes. */
  readonly temporaries: readonly number[];
  /** Number of the temporary that holds each value. */
  readonly places: ReadonlyMap<Node, number>;
}

/**
 * Shares temporaries between values that are not needed at the same time.
 *
 * Greedy by launch order: a value takes the smallest free temporary that is large enough, else the
 * largest free one, which grows. **Cost**: O(values × temporaries).
 *
 * @param kernels The launches, in order.
 * @param outputs Values that have buffers of their own.
 * @returns The plan.
 */
export function planMemory(
  kernels: readonly ScheduledKernel[],
  outputs: ReadonlySet<Node>,
): MemoryPlan {
  const lastUse = new Map<Node, number>();
  kernels.forEach(({ inputs }, step) => {
    for (const input of inputs) lastUse.set(input, step);
  });
  const bytes: number[] = [];
  const free = new Set<number>();
  const places = new Map<Node, number>();
  kernels.forEach(({ inputs, output }, step) => {
    if (!outputs.has(output)) {
      places.set(output, takePlace(bytesOf(output), { bytes, free }));
    }
    // Only now, so that no kernel writes over what it reads.
    for (const node of new Set([...inputs, output])) {
      const place = places.get(node);
      if (place !== undefined && (lastUse.get(node) ?? step) === step) {
        free.add(place);
      }
    }
  });
  return { temporaries: bytes, places };
}

/** Finds a free temporary, or makes one. */
function takePlace(
  wanted: number,
  { bytes, free }: { readonly bytes: number[]; readonly free: Set<number> },
): number {
  let best: number | undefined;
  for (const place of free) {
    if (best === undefined || isBetter(bytes[place]!, bytes[best]!, wanted)) {
      best = place;
    }
  }
  if (best === undefined) return bytes.push(wanted) - 1;
  free.delete(best);
  bytes[best] = Math.max(bytes[best]!, wanted);
  return best;
}

/** Whether `size` suits better than `other`: the smallest that is enough, else the largest. */
function isBetter(size: number, other: number, wanted: number): boolean {
  if (size >= wanted) return other < wanted || size < other;
  return other < wanted && size > other;
}

function bytesOf({ type: { dtype, shape } }: Node): number {
  return sizeOf(shape) * itemBytes(dtype);
}
