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

/** By kind and bytes, as the header names them, without the order of bytes. */
export const READERS: ReadonlyMap<string, ElementReader> = new Map<
  string,
  ElementReader
>([
  ["b1", { bytes: 1, dtype: "bool", read: (view, at) => view.getUint8(at) }],
  ["i1", { bytes: 1, dtype: "int8", read: (view, at) => view.getInt8(at) }],
  ["u1", { bytes: 1, dtype: "int32", read: (view, at) => view.getUint8(at) }],
  ["i2", {
    bytes: 2,
    dtype: "int32",
    read: (view, at, little) => view.getInt16(at, little),
  }],
  ["u2", {
    bytes: 2,
    dtype: "int32",
    read: (view, at, little) => view.getUint16(at, little),
  }],
  ["i4", {
    bytes: 4,
    dtype: "int32",
    read: (view, at, little) => view.getInt32(at, little),
  }],
  ["u4", {
    bytes: 4,
    dtype: "int32",
    read: (view, at, little) => view.getUint32(at, little),
  }],
  ["i8", {
    bytes: 8,
    dtype: "int32",
    read: (view, at, little) => Number(view.getBigInt64(at, little)),
  }],
  ["u8", {
    bytes: 8,
    dtype: "int32",
    read: (view, at, little) => Number(view.getBigUint64(at, little)),
  }],
  ["f2", {
    bytes: 2,
    dtype: "float16",
    read: (view, at, little) => view.getFloat16(at, little),
  }],
  ["f4", {
    bytes: 4,
    dtype: "float32",
    read: (view, at, little) => view.getFloat32(at, little),
  }],
  ["f8", {
    bytes: 8,
    dtype: "float32",
    read: (view, at, little) => view.getFloat64(at, little),
  }],
]);

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
