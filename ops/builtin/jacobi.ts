/**
 * One-sided Jacobi rotations: rows are turned in pairs until all are orthogonal to one another.
 *
 * **Source**: Hestenes (1958); Golub, Van Loan, "Matrix computations" (4th edition), §8.6.3; Demmel,
 * Veselić, "Jacobi's method is more accurate than QR" (1992), for when to stop.
 *
 * @module
 */
import type {
  MatrixHandle,
  RowIndex,
  RowProgramBuilder,
  RowScalar,
} from "../../kernels/ir/mod.ts";

/** Passes over all pairs, at most: fewer than ten are enough in practice. */
const SWEEPS_MAX = 30;

/** Rows to be made orthogonal. */
export interface JacobiRows {
  /** The matrix. */
  readonly rows: MatrixHandle;
  /** How many rows it has. */
  readonly count: number;
  /** How many of its first columns are to be orthogonal. */
  readonly length: number;
  /** How many of its first columns are turned. */
  readonly width: number;
}

/**
 * Adds the steps that make rows orthogonal.
 *
 * @param p Where to write.
 * @param jacobi The rows.
 */
export function orthogonalizeRows(
  p: RowProgramBuilder,
  { rows, count, length, width }: JacobiRows,
): void {
  const whole = { from: 0, to: length };
  const squares = p.matrix(1, count);
  const tolerance = p.register(
    p.mul({ kind: "epsilon" }, 2 * Math.sqrt(length)),
  );
  const isTurned = p.register(0);
  p.repeat(SWEEPS_MAX, isTurned, () => {
    p.set(isTurned, 0);
    p.loop({ from: 0, to: count }, (i) => {
      p.store(squares.at(0, i), p.dot(rows.row(i), rows.row(i), whole));
    });
    p.loop({ from: 0, to: count }, (i) => {
      p.loop({ from: p.after(i), to: count }, (j) => {
        const product = p.register(p.dot(rows.row(i), rows.row(j), whole));
        const [a, b] = [squares.at(0, i), squares.at(0, j)];
        const left = p.register(p.element(a));
        const right = p.register(p.element(b));
        const bound = p.mul(tolerance, p.sqrt(p.mul(left, right)));
        const isFar = p.register(p.less(bound, p.abs(product)));
        const slope = p.register(
          p.div(p.sub(right, left), p.mul(2, product)),
        );
        const root = p.sqrt(p.add(1, p.mul(slope, slope)));
        const length = p.add(p.abs(slope), root);
        const sign = p.select(p.less(slope, 0), { whenTrue: -1, whenFalse: 1 });
        const tangent = p.register(
          p.select(isFar, { whenTrue: p.div(sign, length), whenFalse: 0 }),
        );
        const cosine = p.register(
          p.div(1, p.sqrt(p.add(1, p.mul(tangent, tangent)))),
        );
        const angle = { cosine, sine: p.mul(cosine, tangent) };
        const turned = { ...angle, from: 0, to: width };
        p.rotate(rows.row(i), rows.row(j), turned);
        const change = p.register(p.mul(tangent, product));
        p.store(a, p.sub(left, change));
        p.store(b, p.add(right, change));
        p.set(
          isTurned,
          p.select(isFar, { whenTrue: 1, whenFalse: isTurned }),
        );
      });
    });
  });
}

/**
 * Adds the steps that put rows in order of one of their elements, by selection.
 *
 * @param p Where to write.
 * @param rows The rows, how many they are and how long, in which column the elements stand, and whether
 * the largest comes first.
 */
export function sortRows(
  p: RowProgramBuilder,
  { rows, count, width, column, isDescending }: {
    readonly rows: MatrixHandle;
    readonly count: number;
    readonly width: number;
    readonly column: number;
    readonly isDescending: boolean;
  },
): void {
  const keyAt = (i: RowIndex) => p.element(rows.at(i, column));
  p.loop({ from: 0, to: count }, (i) => {
    const best = p.register(keyAt(i));
    const place = p.register(p.index(i));
    p.loop({ from: p.after(i), to: count }, (j) => {
      const key = p.register(keyAt(j));
      const isBetter = p.register(
        isDescending ? p.less(best, key) : p.less(key, best),
      );
      const own = p.register(p.index(j));
      const choose = (whenTrue: typeof key, whenFalse: typeof key) =>
        p.select(isBetter, { whenTrue, whenFalse });
      p.set(place, choose(own, place));
      p.set(best, choose(key, best));
    });
    p.swap(rows.row(i), rows.row(p.held(place)), { from: 0, to: width });
  });
}

/**
 * Adds the step that finds the sign of a row: that of its first element of at least half the size of the
 * largest, so that rounding does not decide where several are of one size.
 *
 * @param p Where to write.
 * @param rows The matrix.
 * @param place The row, and how many of its first columns count.
 * @returns 1 or -1; 1 for zeros.
 */
export function signOfRow(
  p: RowProgramBuilder,
  rows: MatrixHandle,
  { row, length }: { readonly row: RowIndex; readonly length: number },
): RowScalar {
  const whole = { from: 0, to: length };
  const largest = p.register(0);
  const found = p.register(0);
  p.loop(whole, (j) => {
    const size = p.register(p.abs(p.element(rows.at(row, j))));
    const isLarger = p.less(largest, size);
    p.set(largest, p.select(isLarger, { whenTrue: size, whenFalse: largest }));
  });
  p.loop(whole, (j) => {
    const element = p.register(p.element(rows.at(row, j)));
    const isSmall = p.less(p.mul(2, p.abs(element)), largest);
    p.set(found, p.select(isSmall, { whenTrue: found, whenFalse: element }));
  }, { isReverse: true });
  return p.select(p.less(found, 0), { whenTrue: -1, whenFalse: 1 });
}
