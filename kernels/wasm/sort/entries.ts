import { type ValueDType, valueDType } from "../../../core/base/mod.ts";
import type { SortKernel } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/** What a sort moves about in memory, element by element. */
export interface Entries {
  /** Bytes of one. */
  readonly bytes: 4 | 8;
  /** Whether the element's place follows its key. */
  readonly isIndexed: boolean;
  /** The dtype of the values that keys are made from. */
  readonly dtype: ValueDType;
  /** Whether the largest element has the smallest key. */
  readonly isDescending: boolean;
}

/** Four elements of a line. */
export interface Four {
  /** Their keys. */
  readonly keys: Local;
  /** Where they stand, if that is asked for. */
  readonly places: Local | undefined;
  /** How many elements after the cursors the first one lies. */
  readonly skip: number;
  /** How many there are. */
  readonly lanes: number;
}

/**
 * Describes the entries of a sort.
 *
 * @param kernel The kernel.
 * @returns What they are.
 */
export function entriesOf(
  { result, isDescending, operands: [{ dtype }] }: SortKernel,
): Entries {
  const isIndexed = result === "indices";
  return {
    bytes: isIndexed ? 8 : 4,
    isIndexed,
    dtype: valueDType(dtype),
    isDescending,
  };
}

/**
 * Writes keys of four elements: whole numbers without a sign that are in the order wanted.
 *
 * Source: Terdiman, "Radix sort revisited" (2000): the bits of a positive number are in its order, those
 * of a negative one in the reverse.
 *
 * @param code Where to write.
 * @param x The elements.
 * @param entries What they are.
 * @returns The keys.
 */
export function emitKeys(
  code: VectorCode,
  x: Local,
  { dtype, isIndexed, isDescending }: Entries,
): Local {
  const { f } = code;
  const top = f.i32x4(-(2 ** 31));
  if (dtype === "int32") {
    const key = f.op("v128.xor", x, top);
    return isDescending ? f.op("v128.not", key) : key;
  }
  // Zeros are equal, which only places can tell: adding 0 makes both of them +0.
  const one = isIndexed ? f.op("f32x4.add", x, f.f32x4(0)) : x;
  const flips = f.op("v128.or", f.op("i32x4.shr_s", one, 31), top);
  const isUnordered = f.op("f32x4.ne", x, x);
  const key = f.op("v128.or", f.op("v128.xor", one, flips), isUnordered);
  return isDescending ? f.op("v128.not", key) : key;
}

/**
 * Writes the four elements that keys were made from.
 *
 * @param code Where to write.
 * @param keys The keys.
 * @param entries What they are.
 * @returns The elements.
 */
export function emitElements(
  { f }: VectorCode,
  keys: Local,
  { dtype, isDescending }: Entries,
): Local {
  const top = f.i32x4(-(2 ** 31));
  const key = isDescending ? f.op("v128.not", keys) : keys;
  if (dtype === "int32") return f.op("v128.xor", key, top);
  const negative = f.op("v128.not", f.op("i32x4.shr_s", key, 31));
  return f.op("v128.xor", key, f.op("v128.or", negative, top));
}
