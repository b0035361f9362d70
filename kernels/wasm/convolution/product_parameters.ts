/**
 * What the functions that convolutions are made of are told: which slot of the table of their
 * parameters says what. Steps are in bytes. A is made of weights, B of images.
 */
export const PRODUCT_WORD = {
  /** Addresses of the images, of A as it is or packed, and of C. */
  images: 0,
  weights: 1,
  target: 2,
  /** From image to image, or from one slice of the depth to the next; and from group to group. */
  imageStep: 3,
  imageGroup: 4,
  /** Addresses of the tables of columns and taps. */
  columns: 5,
  taps: 6,
  /** Where packed rows and columns go, and how far one thread's place is from the next one's. */
  packedRows: 7,
  packedRowsStep: 8,
  packedColumns: 9,
  packedColumnsStep: 10,
  /** Rows and columns of a product, its whole depth, and how much of that is taken at a time. */
  rows: 11,
  count: 12,
  depth: 13,
  depthBlock: 14,
  /** Columns of a unit of work, and how many units that makes. */
  chunk: 15,
  chunks: 16,
  groups: 17,
  /** Of A: from group to group, from slice to slice, from row to row, along the depth. */
  weightGroup: 18,
  weightSlice: 19,
  weightLine: 20,
  weightDepth: 21,
  /** Which neighbours of A lie next to each other: a place in `GRAINS`. */
  weightGrain: 22,
  /** From group to group of packed A. */
  packedGroup: 23,
  /** Slices of the depth: how many there are, and how many make a part. */
  slices: 24,
  partSlices: 25,
  /** How many parts there are, and bytes of one. */
  parts: 26,
  partBytes: 27,
  /** Whether to add to what C holds. */
  adds: 28,
} as const;

/** How many words these are. */
export const PRODUCT_WORDS: number = Object.keys(PRODUCT_WORD).length;

/**
 * Puts parameters into their words; those not named are 0.
 *
 * @param values The parameters.
 * @returns The words.
 */
export function productWords(
  values: Readonly<Partial<Record<keyof typeof PRODUCT_WORD, number>>>,
): Int32Array {
  const words = new Int32Array(PRODUCT_WORDS);
  for (const [name, value] of Object.entries(values)) {
    words[PRODUCT_WORD[name as keyof typeof PRODUCT_WORD]] = value;
  }
  return words;
}

/** The words that hold addresses. */
export const PRODUCT_ADDRESSES: ReadonlySet<string> = new Set(
  [
    "images",
    "weights",
    "target",
    "columns",
    "taps",
    "packedRows",
    "packedColumns",
  ] satisfies readonly (keyof typeof PRODUCT_WORD)[],
);
