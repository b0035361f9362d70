import { assertFunction, assertMethods } from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertIndex } from "../check/assert_number.ts";

/**
 * Asks a stream for items before they are wanted, so that reading, decoding and workers go on while a
 * step is computed. Items come in the same order.
 *
 * **Cost**: up to `count` items more in memory.
 *
 * @example Two items ahead
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { prefetch } from "@spiraltorch/spiraltorch/nn";
 *
 * const asked: number[] = [];
 * async function* numbers() {
 *   for (let i = 0; i < 9; i++) {
 *     asked.push(i);
 *     yield await Promise.resolve(i);
 *   }
 * }
 * for await (const number of prefetch(numbers(), { count: 2 })) {
 *   if (number === 3) break;
 * }
 * assertEquals(asked.length > 4, true);
 * ```
 *
 * @param items The stream.
 * @param options How many items ahead; and what becomes of those that nobody takes.
 * @returns The same items.
 */
export async function* prefetch<T>(
  items: AsyncIterable<T>,
  options: {
    readonly count: number;
    /**
     * Gives an item back that nobody has taken.
     *
     * @param item The item.
     */
    readonly drop?: (item: T) => void;
  },
): AsyncGenerator<T> {
  const { count, drop } = optionsOf("prefetch", options);
  assertMethods("items of prefetch", items, Symbol.asyncIterator);
  assertIndex("prefetch count", count);
  if (drop !== undefined) assertFunction("prefetch drop", drop);
  const iterator = items[Symbol.asyncIterator]();
  const ahead: Promise<IteratorResult<T, void>>[] = [];
  function ask(): void {
    const next = iterator.next();
    // What fails ahead is told when its turn comes, or not at all.
    next.catch(() => {});
    ahead.push(next);
  }
  try {
    while (true) {
      if (ahead.length === 0) ask();
      const result = await ahead.shift()!;
      if (result.done) return;
      while (ahead.length < count) ask();
      yield result.value;
    }
  } finally {
    const ended = iterator.return?.();
    for (const result of await Promise.allSettled(ahead)) {
      const isItem = result.status === "fulfilled" && !result.value.done;
      if (isItem) drop?.(result.value.value as T);
    }
    await ended;
  }
}
