/**
 * How one element of a tensor is stored. `bool` takes one byte, 0 or 1. `float16`, `bfloat16` and
 * `int8` are for storing only: what is computed from the first two is computed in `float32`, from the
 * last in `int32`.
 */
export type DType =
  | "bool"
  | "int8"
  | "int32"
  | "float16"
  | "bfloat16"
  | "float32";

/** How a value is held while it is computed with. */
export type ValueDType = "bool" | "int32" | "float32";

/** An array on the host that holds a tensor's elements, row by row. */
export type HostArray = Float32Array | Int32Array | Int8Array | Uint8Array;

/** Every dtype: truth, whole numbers, fractions; in each group from the narrowest to the widest. */
export const DTYPES: readonly DType[] = [
  "bool",
  "int8",
  "int32",
  "float16",
  "bfloat16",
  "float32",
];

/** Bytes an element, and how its value is held. */
const ROWS: Readonly<
  Record<DType, { readonly bytes: number; readonly value: ValueDType }>
> = {
  bool: { bytes: 1, value: "bool" },
  int8: { bytes: 1, value: "int32" },
  int32: { bytes: 4, value: "int32" },
  float16: { bytes: 2, value: "float32" },
  bfloat16: { bytes: 2, value: "float32" },
  float32: { bytes: 4, value: "float32" },
};

/**
 * Tells how many bytes one element takes.
 *
 * @param dtype The dtype.
 * @returns Bytes an element.
 */
export function itemBytes(dtype: DType): number {
  return ROWS[dtype].bytes;
}

/**
 * Tells how a value is held while it is computed with.
 *
 * @param dtype How it is stored.
 * @returns How it is held.
 */
export function valueDType(dtype: DType): ValueDType {
  return ROWS[dtype].value;
}

/**
 * Tells whether a dtype holds fractions. Only those have gradients.
 *
 * @param dtype The dtype.
 * @returns Whether it does.
 */
export function isFloatDType(dtype: DType): boolean {
  return ROWS[dtype].value === "float32";
}

/**
 * Finds the dtype of what has fractions as results.
 *
 * @param dtype The dtype of what it is computed from.
 * @returns The same dtype where it holds fractions, else `float32`.
 */
export function toFloatDType(dtype: DType): DType {
  return isFloatDType(dtype) ? dtype : "float32";
}

/**
 * Makes an array of zeros that holds elements of a dtype. Half types are held as `float32`.
 *
 * @param dtype The dtype.
 * @param size Number of elements.
 * @returns The array.
 */
export function hostArray(dtype: DType, size: number): HostArray {
  switch (dtype) {
    case "float16":
    case "bfloat16":
    case "float32":
      return new Float32Array(size);
    case "int32":
      return new Int32Array(size);
    case "int8":
      return new Int8Array(size);
    case "bool":
      return new Uint8Array(size);
    default:
      return dtype satisfies never;
  }
}
