import type { DenseArray } from "../dense_array.ts";
import type { DefinedCall, Definition } from "./definition.ts";

/** A matrix, as rows. */
type Matrix = number[][];

/** What factorizations of matrices mean, by textbook methods; results are packed as the operators pack them. */
export const LINEAR_ALGEBRA_DEFINITIONS: Readonly<Record<string, Definition>> =
  {
    cholesky: (call) => eachMatrix(call, ([x]) => cholesky(x!)),
    eigh: (call) =>
      eachMatrix(
        call,
        ([x]) =>
          eigen(x!.map((row, i) => row.map((e, j) => j > i ? x![j]![i]! : e)))
            .map(({ value, vector }) => [...withSign(vector, vector), value]),
      ),
    lu: (call) => eachMatrix(call, ([x]) => lu(x!)),
    qr: (call) => eachMatrix(call, ([x]) => qr(x!)),
    svd: (call) => eachMatrix(call, ([x]) => svd(x!)),
    triangularSolve: (call) =>
      eachMatrix(call, ([a, b]) => triangularSolve(a!, b!, call.attributes)),
  };

/** Computes a result for each place of the batch axes, along which inputs are repeated. */
function eachMatrix(
  { inputs, type }: DefinedCall,
  compute: (matrices: readonly Matrix[]) => Matrix,
): Float64Array {
  const batch = type.shape.slice(0, -2);
  const count = batch.reduce((product, size) => product * size, 1);
  const results = Array.from(
    { length: count },
    (_, place) =>
      compute(inputs.map((input) => matrixAt(input, batch, place))).flat(),
  );
  return Float64Array.from(results.flat());
}

function matrixAt(
  { shape, elements }: DenseArray,
  batch: readonly number[],
  place: number,
): Matrix {
  const [rows, columns] = shape.slice(-2) as [number, number];
  let [rest, step, number] = [place, 1, 0];
  for (let axis = 1; axis <= batch.length; axis++) {
    const at = rest % batch.at(-axis)!;
    rest = Math.floor(rest / batch.at(-axis)!);
    const size = shape.at(-axis - 2) ?? 1;
    if (shape.length - 2 >= axis && size > 1) number += at * step;
    step *= size;
  }
  const start = number * rows * columns;
  return Array.from({ length: rows }, (_, i) => [
    ...elements.slice(start + i * columns, start + (i + 1) * columns),
  ]);
}

function zeros(rows: number, columns: number): Matrix {
  return Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
}

/** Column by column. */
function cholesky(x: Matrix): Matrix {
  const l = zeros(x.length, x.length);
  for (let j = 0; j < x.length; j++) {
    for (let i = j; i < x.length; i++) {
      let rest = x[i]![j]!;
      for (let k = 0; k < j; k++) rest -= l[i]![k]! * l[j]![k]!;
      l[i]![j] = i === j ? Math.sqrt(rest) : rest / l[j]![j]!;
    }
  }
  return l;
}

/** Element by element of L and U, when rows have been swapped. */
function lu(x: Matrix): Matrix {
  const n = x.length;
  const rows = x.map((row, i) => [...row, i, 1]);
  for (let k = 0; k < n; k++) {
    const column = rows.slice(k).map((row) => Math.abs(row[k]!));
    const found = k + column.indexOf(Math.max(...column));
    [rows[k], rows[found]] = [rows[found]!, rows[k]!];
    for (const row of rows.slice(k + 1)) {
      row[k]! /= rows[k]![k]!;
      for (let j = k + 1; j < n; j++) row[j]! -= row[k]! * rows[k]![j]!;
    }
    // Signs belong to places, not to rows.
    rows[found]![n + 1] = 1;
    rows[k]![n + 1] = found === k ? 1 : -1;
  }
  return rows;
}

/** Gram and Schmidt, twice; then signs as Householder's reflections give them. */
function qr(x: Matrix): Matrix {
  const [m, n] = [x.length, x[0]?.length ?? 0];
  const k = Math.min(m, n);
  const q: number[][] = [];
  for (let j = 0; j < k; j++) {
    let column = x.map((row) => row[j]!);
    for (let time = 0; time < 2; time++) {
      for (const other of q) {
        const share = dot(other, column);
        column = column.map((e, i) => e - share * other[i]!);
      }
    }
    const length = Math.sqrt(dot(column, column));
    q.push(column.map((e) => e / length));
  }
  const signs = reflectionSigns(x, k);
  return q.map((row, i) => {
    const own = row.map((e) => e * signs[i]!);
    const r = Array.from(
      { length: n },
      (_, j) => j < i ? 0 : dot(own, x.map((line) => line[j]!)),
    );
    return [...own, ...r];
  });
}

/** Signs of the diagonal of R: a reflection turns a column away from where it points. */
function reflectionSigns(x: Matrix, count: number): number[] {
  const rows = x.map((row) => [...row]);
  const signs: number[] = [];
  for (let j = 0; j < count; j++) {
    const column = rows.slice(j).map((row) => row[j]!);
    const isDone = column.slice(1).every((e) => e === 0);
    const sign = (column[0]! < 0) === isDone ? -1 : 1;
    signs.push(sign);
    if (isDone) continue;
    const v = [...column];
    v[0]! -= sign * Math.sqrt(dot(column, column));
    const weight = 2 / dot(v, v);
    for (let c = j; c < rows[0]!.length; c++) {
      const line = rows.slice(j).map((row) => row[c]!);
      const share = weight * dot(v, line);
      v.forEach((e, i) => rows[j + i]![c]! -= share * e);
    }
  }
  return signs;
}

interface EigenPair {
  readonly value: number;
  readonly vector: readonly number[];
}

/** Two-sided rotations that take out one element after another; pairs from the least value up. */
function eigen(x: Matrix): EigenPair[] {
  const n = x.length;
  const a = x.map((row) => [...row]);
  const v = zeros(n, n).map((row, i) => row.with(i, 1));
  for (let sweep = 0; sweep < 60; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const angle = Math.atan2(2 * a[p]![q]!, a[q]![q]! - a[p]![p]!) / 2;
        turn(a, [p, q], angle);
        const columns = a[0]!.map((_, j) => a.map((row) => row[j]!));
        turn(columns, [p, q], angle);
        columns.forEach((column, j) => column.forEach((e, i) => a[i]![j] = e));
        turn(v, [p, q], angle);
      }
    }
  }
  return v.map((vector, i) => ({ value: a[i]![i]!, vector }))
    .sort((left, right) => left.value - right.value);
}

function turn(
  rows: Matrix,
  [p, q]: readonly [number, number],
  angle: number,
): void {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const [left, right] = [rows[p]!, rows[q]!];
  rows[p] = left.map((e, i) => cosine * e - sine * right[i]!);
  rows[q] = left.map((e, i) => sine * e + cosine * right[i]!);
}

/** Eigenvalues of `[[0, x], [xᵀ, 0]]` are singular values, and their opposites. */
function svd(x: Matrix): Matrix {
  const [m, n] = [x.length, x[0]?.length ?? 0];
  const both = zeros(m + n, m + n);
  x.forEach((row, i) =>
    row.forEach((e, j) => both[i]![m + j] = both[m + j]![i] = e)
  );
  return eigen(both).reverse().slice(0, n).map(({ value, vector }) => {
    const scaled = vector.map((e) => e * Math.SQRT2);
    return [...withSign(scaled, scaled.slice(0, m)), value];
  });
}

/** The sign with which the first element that is at least half as large as any other is positive. */
function withSign(
  vector: readonly number[],
  deciding: readonly number[],
): readonly number[] {
  const largest = Math.max(...deciding.map(Math.abs));
  const first = deciding.find((e) => 2 * Math.abs(e) >= largest)!;
  return first < 0 ? vector.map((e) => -e) : vector;
}

/** By the inverse of the triangle, column by column. */
function triangularSolve(
  a: Matrix,
  b: Matrix,
  { lower, transpose, unit }: DefinedCall["attributes"],
): Matrix {
  const n = a.length;
  const at = (i: number, j: number): number => {
    if (i === j && unit) return 1;
    const [row, column] = transpose ? [j, i] : [i, j];
    return (lower ? column <= row : row <= column) ? a[row]![column]! : 0;
  };
  const order = [...Array(n).keys()];
  if (lower === transpose) order.reverse();
  const x = b.map((row) => [...row]);
  for (const i of order) {
    x[i] = x[i]!.map((e, c) => {
      const known = order.filter((k) => k !== i)
        .reduce(
          (sum, k) => sum + (at(i, k) === 0 ? 0 : at(i, k) * x[k]![c]!),
          0,
        );
      return (e - known) / at(i, i);
    });
  }
  return x;
}

function dot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, e, i) => sum + e * right[i]!, 0);
}
