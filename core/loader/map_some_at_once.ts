/**
 * Does the same for many items, a few of them at a time. After a failure none is begun any more, and
 * those that are under way are waited for, so that nothing goes on behind the caller's back.
 *
 * @typeParam Item What there is.
 * @typeParam Result What comes of it.
 * @param items The items.
 * @param atOnce How many are worked on at a time.
 * @param work What is done.
 * @returns What came of each, in their order.
 * @throws What `work` threw for the first item, in their order, that failed.
 */
export async function mapSomeAtOnce<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Promise<Result>[] = [];
  let isFailed = false;
  async function worker(): Promise<void> {
    while (!isFailed && results.length < items.length) {
      const result = work(items[results.length]!);
      results.push(result);
      await result.catch(() => isFailed = true);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker));
  return await Promise.all(results);
}
