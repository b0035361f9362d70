/**
 * How values between the products of a model are stored while it is trained. Parameters, what the
 * optimizer remembers and all sums are `float32` whichever it is.
 */
export type Precision = "bfloat16" | "float16" | "float32";

/** Every {@linkcode Precision}. */
export const PRECISIONS: readonly Precision[] = [
  "bfloat16",
  "float16",
  "float32",
];
