import { itemBytes, sizeOf } from "../../core/base/mod.ts";
import { mayOverwrite } from "../../kernels/ir/mod.ts";
import type { Node } from "../graph/node.ts";
import type { ScheduledKernel } from "./scheduled_kernel.ts";

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
 * Greedy by launch order: a value takes the place of one that it is computed from and that nobody
 * needs any more, if it can be written over; else the smallest free temporary that is large enough,
 * else the largest free one, which grows. **Cost**: O(values × temporaries).
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
  kernels.forEach((launch, step) => {
    const { inputs, output } = launch;
    const dying = inputs.filter((node) => lastUse.get(node) === step);
    if (!outputs.has(output)) {
      const place = placeToOverwrite(launch, { dying, places }) ??
        takePlace(bytesOf(output), { bytes, free });
      places.set(output, place);
    }
    // Only now, so that no kernel writes over what it reads by chance.
    const own = places.get(output);
    for (const node of dying) {
      const place = places.get(node);
      if (place !== undefined && place !== own) free.add(place);
    }
    if (own !== undefined && !lastUse.has(output)) free.add(own);
  });
  return { temporaries: bytes, places };
}

/** The place of an operand that the output can be written over. */
function placeToOverwrite(
  { kernel, inputs }: ScheduledKernel,
  { dying, places }: {
    readonly dying: readonly Node[];
    readonly places: ReadonlyMap<Node, number>;
  },
): number | undefined {
  const node = dying.find((node) =>
    places.has(node) &&
    inputs.every((other, i) => other !== node || mayOverwrite(kernel, i))
  );
  return node && places.get(node);
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
