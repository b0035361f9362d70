import type { Matrix } from "./matrix.ts";

/** A batch of matrix products. */
export interface ProductShape {
  /** The matrices A. */
  readonly left: Matrix;
  /** The matrices B. */
  readonly right: Matrix;
  /** How many products there are. */
  readonly count: number;
  /** Rows of A and C. */
  readonly rows: number;
  /** Columns of B and C. */
  readonly columns: number;
  /** Columns of A, rows of B. */
  readonly depth: number;
}

/** Addresses of the first matrices. */
export interface ProductPlaces {
  /** A. */
  readonly left: number;
  /** B. */
  readonly right: number;
  /** C, contiguous. */
  readonly target: number;
}

/** What computes matrix products. */
export interface Product {
  /** Bytes of memory that it needs for itself. */
  readonly scratchBytes: number;
  /**
   * Multiplies.
   *
   * @param scratch Address of the memory for itself.
   * @param places Addresses of the matrices.
   */
  multiply(scratch: number, places: ProductPlaces): void;
}
