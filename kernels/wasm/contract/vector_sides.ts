import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import type { Matrix } from "./matrix.ts";

/** The rows, each contiguous; the matrix; and where its product goes. */
export interface Sides {
  /** The rows. */
  readonly rows: Matrix;
  /** How many there are. */
  readonly rowCount: number;
  /** The matrix. */
  readonly matrix: Matrix;
  /** How many lines it has, which are its rows or columns. */
  readonly lineCount: number;
  /** Elements of a row, and of a line. */
  readonly depth: number;
  /** Whether the rows are the left side. */
  readonly isLeft: boolean;
}

/**
 * Writes the widening of sixteen bytes to numbers of 16 bits.
 *
 * @param code Where to write.
 * @param bytes The bytes.
 * @returns The first eight and the others.
 */
export function wide({ f }: VectorCode, bytes: Local): readonly [Local, Local] {
  return [
    f.op("i16x8.extend_low_i8x16_s", bytes),
    f.op("i16x8.extend_high_i8x16_s", bytes),
  ];
}

/**
 * Writes the multiplication of eight numbers of 16 bits by eight others, and the addition of their
 * products, two by two, to four sums.
 *
 * @param code Where to write.
 * @param sum The sums, which are replaced.
 * @param numbers The numbers.
 */
export function emitDot(
  { f }: VectorCode,
  sum: Local,
  [a, b]: readonly [Local, Local],
): void {
  f.assign(sum, "i32x4.add", sum, f.op("i32x4.dot_i16x8_s", a, b));
}
