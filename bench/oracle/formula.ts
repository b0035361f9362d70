/**
 * What the result must be, by plain loops in double precision.
 *
 * @module
 */
import { sizeOf } from "../inputs.ts";
import { shapesOf } from "../shapes.ts";
import type { Formula, Step } from "../workload.ts";
import { attention } from "./attention.ts";
import { conv2d, maxPool } from "./images.ts";
import { mapRows, softmax } from "./rows.ts";
import { sum } from "./sum.ts";
import type { Shape, Value } from "./value.ts";

/** Products of more multiply-adds than this are computed in part only. */
const PRODUCT_MAX = 2 ** 28;

/** The series about 0, exact enough for what is drawn. **Source**: Abramowitz and Stegun, 7.1.5. */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= -x * x / n;
    sum += term / (2 * n + 1);
  }
  return sum * 2 / Math.sqrt(Math.PI);
}

const UNARY: Readonly<
  Record<"exp" | "gelu" | "relu" | "tanh", (x: number) => number>
> = {
  exp: Math.exp,
  gelu: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
};

const BINARY: Readonly<
  Record<"add" | "mul" | "sub", (left: number, right: number) => number>
> = {
  add: (left, right) => left + right,
  mul: (left, right) => left * right,
  sub: (left, right) => left - right,
};

/** Rows that are too many stay `NaN`: they are not compared. */
function matmul(left: Value, right: Value, shape: Shape): Float64Array {
  const depth = left.shape.at(-1)!;
  const [rows, columns] = shape.slice(-2) as [number, number];
  const all = sizeOf(shape) / columns;
  const every = Math.ceil(all * columns * depth / PRODUCT_MAX);
  const result = new Float64Array(all * columns).fill(NaN);
  const hasBatch = right.shape.length > 2;
  for (let row = 0; row < all; row += every) {
    const out = result.subarray(row * columns, (row + 1) * columns).fill(0);
    const batch = hasBatch ? Math.floor(row / rows) : 0;
    for (let k = 0; k < depth; k++) {
      const factor = left.data[row * depth + k]!;
      const from = (batch * depth + k) * columns;
      for (let j = 0; j < columns; j++) {
        out[j]! += factor * right.data[from + j]!;
      }
    }
  }
  return result;
}

function normalize(
  row: Float64Array,
  { gain, bias }: { readonly gain: Float64Array; readonly bias: Float64Array },
): void {
  const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
  const variance = row.reduce((sum, x) => sum + (x - mean) ** 2, 0) /
    row.length;
  const scale = 1 / Math.sqrt(variance + 1e-5);
  for (let i = 0; i < row.length; i++) {
    row[i] = (row[i]! - mean) * scale * gain[i]! + bias[i]!;
  }
}

function permute({ shape, data }: Value, axes: Shape): Float64Array {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  let places = [0];
  for (const axis of axes) {
    places = places.flatMap((place) =>
      Array.from({ length: shape[axis]! }, (_, i) => place + i * strides[axis]!)
    );
  }
  return Float64Array.from(places, (place) => data[place]!);
}

/** Repeats an array along axes that it lacks or that have one place. */
function spread({ shape, data }: Value, target: Shape): Float64Array {
  if (sizeOf(shape) === sizeOf(target)) return data;
  const lacking = target.length - shape.length;
  let places = [0];
  target.forEach((length, axis) => {
    const own = axis < lacking ? 1 : shape[axis - lacking]!;
    places = places.flatMap((place) =>
      Array.from({ length }, (_, i) => place * own + (own > 1 ? i : 0))
    );
  });
  return Float64Array.from(places, (place) => data[place]!);
}

function evaluate(
  step: Step,
  values: readonly Value[],
  shape: Shape,
): Float64Array {
  switch (step.op) {
    case "exp":
    case "gelu":
    case "relu":
    case "tanh":
      return values[step.x]!.data.map(UNARY[step.op]);
    case "add":
    case "mul":
    case "sub": {
      const right = spread(values[step.right]!, shape);
      const fn = BINARY[step.op];
      return values[step.left]!.data.map((x, i) => fn(x, right[i]!));
    }
    case "matmul":
      return matmul(values[step.left]!, values[step.right]!, shape);
    case "softmax":
      return mapRows(values[step.x]!, softmax);
    case "layerNorm": {
      const gain = values[step.gain]!.data;
      const bias = values[step.bias]!.data;
      return mapRows(
        values[step.x]!,
        (row) => normalize(row, { gain, bias }),
      );
    }
    case "sum":
      return sum(values[step.x]!, step.axes);
    case "transpose":
      return permute(values[step.x]!, [1, 0]);
    case "permute":
      return permute(values[step.x]!, step.axes);
    case "reshape":
      return values[step.x]!.data;
    case "conv2d":
      return conv2d(values[step.x]!, values[step.weight]!);
    case "maxPool":
      return maxPool(values[step.x]!);
    case "attention":
      return attention(
        values[step.query]!,
        values[step.key]!,
        values[step.value]!.data,
      );
    default:
      return step satisfies never;
  }
}

/**
 * Computes a formula.
 *
 * @param formula The formula.
 * @param inputs Elements of its inputs.
 * @returns Its result; `NaN` where it was not computed.
 */
export function formulaResult(
  formula: Formula,
  inputs: readonly ArrayLike<number>[],
): Float64Array {
  const shapes = shapesOf(formula);
  const values: Value[] = inputs.map((data, i) => ({
    shape: shapes[i]!,
    data: Float64Array.from(data),
  }));
  for (const step of formula.steps) {
    const shape = shapes[values.length]!;
    values.push({ shape, data: evaluate(step, values, shape) });
  }
  return values.at(-1)!.data;
}
