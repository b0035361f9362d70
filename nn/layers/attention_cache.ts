import {
  arange,
  optionsOf,
  type Tensor,
  tensor,
  zeros,
} from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";

/**
 * Keys and values of places that were seen, with room for more. Its shapes stay as they are from place to
 * place, so that one compiled step serves them all.
 */
export interface AttentionCache {
  /** Keys, `[batch, keyHeads, capacity, features of a head]`. */
  readonly key: Tensor;
  /** Values, of the same shape. */
  readonly value: Tensor;
  /** How many places were seen, an `int32` scalar. */
  readonly length: Tensor;
}

/**
 * Makes a cache in which nothing was seen.
 *
 * @param shape `[batch, keyHeads, capacity, features of a head]`.
 * @returns The cache.
 */
export function emptyCache(shape: readonly number[]): AttentionCache {
  return {
    key: zeros(shape),
    value: zeros(shape),
    length: tensor(Int32Array.of(0), { shape: [] }),
  };
}

/**
 * Requires a cache of {@linkcode MultiheadAttention}.
 *
 * @param cache What was given.
 * @throws {OptionError} `INVALID_OPTION` if it is none.
 */
export function assertCache(cache: AttentionCache): void {
  const { key, value, length } = optionsOf("a cache of attention", cache);
  assertTensor("a cache of attention", key, value, length);
}

/**
 * Describes a cache with what further places bring. What is beyond its capacity is lost.
 *
 * @param cache What was seen before.
 * @param next Keys and values of the places, `[batch, keyHeads, places, features of a head]`.
 * @returns The cache after them.
 */
export function extendCache(
  { key, value, length }: AttentionCache,
  next: Pick<AttentionCache, "key" | "value">,
): AttentionCache {
  const [capacity, places] = [key.shape[2]!, next.key.shape[2]!];
  const from = arange(0, capacity, { dtype: "int32" }).sub(length);
  const isNew = from.greaterOrEqual(0).and(from.less(places)).unsqueeze(1);
  const source = from.maximum(0).minimum(places - 1);
  return {
    key: isNew.where(next.key.take(source, 2), key),
    value: isNew.where(next.value.take(source, 2), value),
    length: length.add(places),
  };
}

/**
 * Describes which places of a cache each of some further places may see: those up to itself.
 *
 * @param places How many further places there are.
 * @param before The cache before them.
 * @returns `bool [places, capacity]`.
 */
export function seenPlaces(
  places: number,
  { key, length }: AttentionCache,
): Tensor {
  const numbers = arange(0, key.shape[2]!, { dtype: "int32" });
  const own = arange(0, places, { dtype: "int32" }).add(length);
  return numbers.lessOrEqual(own.unsqueeze(1));
}
