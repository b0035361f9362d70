/** How one element of a tensor is stored. `bool` takes one byte, 0 or 1. */
export type DType = "float32" | "int32" | "bool";

/** An array on the host that holds a tensor's elements, row by row. */
export type HostArray = Float32Array | Int32Array | Uint8Array;

/** Every dtype, from the narrowest to the widest: the order in which they promote. */
export const DTYPES: readonly DType[] = ["bool", "int32", "float32"];

const ITEM_BYTES: Readonly<Record<DType, number>> = {
  bool: 1,
  int32: 4,
  float32: 4,
};

/**
 * Tells how many bytes one element takes.
 *
 * @param dtype The dtype.
 * @returns Bytes an element.
 */
export function itemBytes(dtype: DType): number {
  return ITEM_BYTES[dtype];
}

/**
 * Finds the dtype that can hold the values of both: the wider of the two.
 *
 * @param a One dtype.
 * @param b The other.
 * @returns The wider.
 */
export function promoteDTypes(a: DType, b: DType): DType {
  return DTYPES.indexOf(a) >= DTYPES.indexOf(b) ? a : b;
}

/**
 * Makes an array of zeros that holds elements of a dtype.
 *
 * @param dtype The dtype.
 * @param size Number of elements.
 * @returns The array.
 */
export function hostArray(dtype: DType, size: number): HostArray {
  switch (dtype) {
    case "float32":
      return new Float32Array(size);
    case "int32":
      return new Int32Array(size);
    case "bool":
      return new Uint8Array(size);
    default:
      return dtype satisfies never;
  }
}
