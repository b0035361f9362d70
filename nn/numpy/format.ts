/**
 * The format of NumPy's files: a magic number, a version, a header written as a Python literal, and the
 * elements.
 *
 * **Source**: NumPy, `numpy.lib.format`, versions 1.0 to 3.0.
 *
 * @module
 */
import type { DType } from "../../core/base/mod.ts";

/** What a file begins with. */
export const MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** How one element is read. */
export interface ElementReader {
  /** Bytes it takes. */
  readonly bytes: number;
  /** As what it is given out. */
  readonly dtype: DType;
  /**
   * Reads one.
   *
   * @param view The bytes.
   * @param at Where it begins.
   * @param isLittle Whether its lowest byte comes first.
   */
  readonly read: (view: DataView, at: number, isLittle: boolean) => number;
}

/** Kinds and bytes, as the header names them but for the order of bytes; what they become, and how. */
const KINDS: readonly (readonly [
  kind: string,
  dtype: DType,
  read: ElementReader["read"],
])[] = [
  ["b1", "bool", (view, at) => view.getUint8(at)],
  ["i1", "int8", (view, at) => view.getInt8(at)],
  ["u1", "int32", (view, at) => view.getUint8(at)],
  ["i2", "int32", (view, at, little) => view.getInt16(at, little)],
  ["u2", "int32", (view, at, little) => view.getUint16(at, little)],
  ["i4", "int32", (view, at, little) => view.getInt32(at, little)],
  ["u4", "int32", (view, at, little) => view.getUint32(at, little)],
  ["i8", "int32", (view, at, little) => Number(view.getBigInt64(at, little))],
  ["u8", "int32", (view, at, little) => Number(view.getBigUint64(at, little))],
  ["f2", "float16", (view, at, little) => view.getFloat16(at, little)],
  ["f4", "float32", (view, at, little) => view.getFloat32(at, little)],
  ["f8", "float32", (view, at, little) => view.getFloat64(at, little)],
];

/** By kind and bytes. */
export const READERS: ReadonlyMap<string, ElementReader> = new Map(
  KINDS.map(([kind, dtype, read]) => [
    kind,
    { bytes: Number(kind[1]), dtype, read },
  ]),
);

/** How each dtype is named in a file. NumPy has no `bfloat16`. */
export const DESCRIPTIONS: Readonly<
  Record<Exclude<DType, "bfloat16">, string>
> = {
  bool: "|b1",
  int8: "|i1",
  int32: "<i4",
  float16: "<f2",
  float32: "<f4",
};
