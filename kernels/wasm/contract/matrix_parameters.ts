import type { Grain } from "./panel.ts";

/**
 * What the functions that matrix products are made of are told: which word, from the address of their
 * parameters on, says what. Steps are in bytes.
 */
export const MATRIX_WORD = {
  /** Addresses of A, B and C. */
  left: 0,
  right: 1,
  target: 2,
  /** Where packed rows and columns go, and how far one thread's place is from the next one's. */
  packedRows: 3,
  packedRowsStep: 4,
  packedColumns: 5,
  packedColumnsStep: 6,
  rows: 7,
  columns: 8,
  depth: 9,
  /** From row to row of A, from column to column of B, and along their depths. */
  leftLine: 10,
  leftDepth: 11,
  rightLine: 12,
  rightDepth: 13,
  /** From row to row of C, and from matrix to matrix. */
  targetLine: 14,
  targetStep: 15,
  /** Whether to add to what C holds. */
  adds: 16,
  /** Addresses of tables: where each matrix of a batch starts, in bytes from the first. */
  leftStarts: 17,
  rightStarts: 18,
} as const;

/** The words that hold addresses. */
export const MATRIX_ADDRESSES: ReadonlySet<string> = new Set(
  [
    "left",
    "right",
    "target",
    "packedRows",
    "packedColumns",
    "leftStarts",
    "rightStarts",
  ] satisfies readonly (keyof typeof MATRIX_WORD)[],
);

/** How many words these are. */
export const MATRIX_WORDS: number = Object.keys(MATRIX_WORD).length;

/** The ways in which a matrix may lie in memory, by number. */
export const GRAINS: readonly Grain[] = ["depth", "lines", "neither"];
