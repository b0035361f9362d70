import { assertMethods, philox, type RandomKey } from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertCount } from "../check/assert_number.ts";

/**
 * Mixes a stream by a buffer: each item leaves it at a random moment. The order depends on the key, the
 * size of the buffer and the number of items only.
 *
 * **Cost**: `bufferSize` items in memory; an item cannot move ahead by more than that.
 *
 * @param items The stream.
 * @param options How many items are mixed, and what the order depends on.
 * @returns The same items in another order.
 */
export async function* shuffleStream<T>(
  items: AsyncIterable<T>,
  options: {
    readonly bufferSize: number;
    readonly key: RandomKey;
  },
): AsyncGenerator<T> {
  const { bufferSize, key } = optionsOf("shuffleStream", options);
  assertMethods("items of shuffleStream", items, Symbol.asyncIterator);
  assertCount("shuffleStream bufferSize", bufferSize);
  const buffer: T[] = [];
  const words = new Uint32Array(4);
  let drawn = 0;
  function takeAny(): T {
    philox(key, [drawn >>> 0, Math.floor(drawn / 2 ** 32), 0, 0], words);
    drawn++;
    // A share of 2^32: no buffer is so large that rounding could favour a place that matters.
    const place = Math.floor(words[0]! * 2 ** -32 * buffer.length);
    const taken = buffer[place]!;
    const last = buffer.pop()!;
    if (place < buffer.length) buffer[place] = last;
    return taken;
  }
  for await (const item of items) {
    buffer.push(item);
    if (buffer.length >= bufferSize) yield takeAny();
  }
  while (buffer.length > 0) yield takeAny();
}
