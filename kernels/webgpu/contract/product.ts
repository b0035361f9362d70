/** One side of a product. */
export interface ProductSide {
  /** Whether its elements lie side by side along depth, rather than along the output. */
  readonly runsAlongDepth: boolean;
  /** Writes an element, given the numbers of its row and column, which exist; `batch` is known. */
  readonly load: (row: string, column: string) => string;
  /**
   * Writes a vector of four neighbours in the direction in which it runs, the first of which is given
   * and has a number that four divides. Only where all rows and columns can be read so.
   */
  readonly loadFour?: (row: string, column: string) => string;
}

/** Products of `[rows, depth]` and `[depth, columns]`, a batch of them. */
export interface GpuProduct {
  /** How many products there are. */
  readonly batches: number;
  /** Rows of the output. */
  readonly rows: number;
  /** Columns of the output. */
  readonly columns: number;
  /** Length of the sums. */
  readonly depth: number;
  /** How sums are held. */
  readonly dtype: "float32" | "int32";
  /** The left matrices. */
  readonly left: ProductSide;
  /** The right matrices. */
  readonly right: ProductSide;
  /** Whether tiles are small whatever the sizes. */
  readonly hasSmallTiles?: boolean;
  /**
   * How many workgroups share the sums of a tile.
   *
   * @default {1}
   */
  readonly parts?: number;
  /** Writes what becomes of a sum, given its row, its column and the sum; `batch` is known. */
  readonly finish: (
    row: string,
    column: string,
    value: string,
  ) => readonly string[];
}

/** How the types of sums are called. */
export const PRODUCT_TYPES = {
  float32: { scalar: "f32", vector: "vec4<f32>", zero: "0.0" },
  int32: { scalar: "i32", vector: "vec4<i32>", zero: "0" },
} as const;

/**
 * Writes the adding of a product of numbers or vectors to a sum.
 *
 * @param dtype How they are held.
 * @param operands The sum and both factors, all of one type.
 * @returns The text of the new sum.
 */
export function multiplyAddText(
  dtype: GpuProduct["dtype"],
  { sum, left, right }: {
    readonly sum: string;
    readonly left: string;
    readonly right: string;
  },
): string {
  return dtype === "float32"
    ? `fma(${left}, ${right}, ${sum})`
    : `${sum} + ${left} * ${right}`;
}
