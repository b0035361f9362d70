import {
  fillNormal,
  invalidOption,
  type RandomKey,
  type Shape,
  sizeOf,
} from "../../core/base/mod.ts";
import { type Tensor, tensor } from "../../ops/mod.ts";

/**
 * Draws a matrix whose rows or columns, whichever are fewer, are at right angles to each other and of
 * size 1.
 *
 * **Numerics**: by Gram and Schmidt's method in float64, twice a row: "twice is enough" (Giraud et al.,
 * 2005).
 *
 * **Cost**: rows² × columns products, at once and not in a compiled step.
 *
 * @param shape Its shape; all axes but the first are the columns.
 * @param key What it depends on.
 * @returns The matrix.
 * @throws {OptionError} `INVALID_OPTION` if there are fewer than two axes.
 */
export function orthogonal(shape: Shape, key: RandomKey): Tensor {
  if (shape.length < 2) {
    throw invalidOption(
      "shape of orthogonal weights",
      shape,
      "two axes or more",
    );
  }
  const rows = shape[0]!;
  const columns = sizeOf(shape.slice(1));
  const isTall = rows > columns;
  const [count, length] = isTall ? [columns, rows] : [rows, columns];
  const drawn = new Float32Array(count * length);
  fillNormal(key, drawn);
  const vectors = Float64Array.from(drawn);
  for (let i = 0; i < count; i++) {
    const own = vectors.subarray(i * length, (i + 1) * length);
    for (let round = 0; round < 2; round++) {
      for (let j = 0; j < i; j++) {
        const other = vectors.subarray(j * length, (j + 1) * length);
        subtract(own, other, dot(own, other));
      }
    }
    const size = Math.sqrt(dot(own, own));
    for (let k = 0; k < length; k++) own[k]! /= size;
  }
  const matrix = tensor(Float32Array.from(vectors), { shape: [count, length] });
  return (isTall ? matrix.transpose() : matrix).reshape(shape);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function subtract(from: Float64Array, vector: Float64Array, factor: number) {
  for (let i = 0; i < from.length; i++) from[i]! -= factor * vector[i]!;
}
