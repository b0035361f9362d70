/** How a stream is cut into groups. */
export interface GroupOptions<T> {
  /** How many items a group has; the last one of each bucket may have fewer. */
  readonly size: number;
  /** Whether groups with fewer items are left out. */
  readonly dropLast: boolean;
  /**
   * Tells the bucket of an item: only items of one bucket come into a group.
   *
   * @param item The item.
   */
  readonly bucketOf: (item: T) => number;
}

/**
 * Cuts a stream into groups of items of one bucket, each as soon as it is full.
 *
 * @param items The stream.
 * @param options How it is cut.
 * @returns The groups; those that are not full come last, the lowest bucket first.
 */
export async function* groupStream<T>(
  items: AsyncIterable<T>,
  { size, dropLast, bucketOf }: GroupOptions<T>,
): AsyncGenerator<readonly T[]> {
  const buckets = new Map<number, T[]>();
  for await (const item of items) {
    const bucket = bucketOf(item);
    const group = buckets.get(bucket) ?? [];
    group.push(item);
    if (group.length < size) {
      buckets.set(bucket, group);
      continue;
    }
    buckets.delete(bucket);
    yield group;
  }
  if (dropLast) return;
  for (const [, group] of [...buckets].sort(([a], [b]) => a - b)) yield group;
}
