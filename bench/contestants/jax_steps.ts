/**
 * Formulas in the calls of jax-js.
 *
 * @module
 */
import { type Formula, operandsOf, type Step } from "../workload.ts";

/** An array that each use consumes; `ref` is one more use. */
export interface JaxArray {
  readonly shape: readonly number[];
  readonly ref: JaxArray;
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  data(): Promise<Float32Array>;
  dispose(): void;
}

/** Arrays, each of which is consumed once. */
export type Arrays = readonly JaxArray[];
type Unary = (x: JaxArray) => JaxArray;

/** What is used of the library. */
export interface Jax {
  init(device: string): Promise<unknown>;
  defaultDevice(device: string): string;
  blockUntilReady(arrays: Arrays): Promise<unknown>;
  jit(fn: (...arrays: Arrays) => Arrays): (...arrays: Arrays) => Arrays;
  valueAndGrad(
    fn: (learned: Arrays, ...others: Arrays) => JaxArray,
  ): (learned: Arrays, ...others: Arrays) => [JaxArray, Arrays];
  readonly numpy: {
    array(data: Float32Array): JaxArray;
    readonly exp: Unary;
    readonly sqrt: Unary;
    readonly tanh: Unary;
    readonly transpose: Unary;
    matmul(left: JaxArray, right: JaxArray): JaxArray;
    sum(x: JaxArray, axes?: readonly number[]): JaxArray;
    max(x: JaxArray): JaxArray;
    permuteDims(x: JaxArray, axes: readonly number[]): JaxArray;
  };
  readonly lax: {
    convGeneralDilated(
      x: JaxArray,
      weight: JaxArray,
      strides: readonly number[],
      padding: "SAME",
      options: { readonly featureGroupCount: number },
    ): JaxArray;
    reduceWindow(
      x: JaxArray,
      combine: (window: JaxArray) => JaxArray,
      window: readonly number[],
      strides: readonly number[],
    ): JaxArray;
  };
  readonly nn: {
    readonly relu: Unary;
    gelu(x: JaxArray, options: { readonly approximate: boolean }): JaxArray;
    softmax(x: JaxArray, axis: number): JaxArray;
    logSoftmax(x: JaxArray, axis: number): JaxArray;
    standardize(x: JaxArray, axis: number): JaxArray;
  };
}

/** How often each value of a formula is used; the result once more. */
function countUses({ inputs, steps }: Formula): number[] {
  const uses = new Array<number>(inputs.length + steps.length).fill(0);
  for (const value of steps.flatMap(operandsOf)) uses[value]!++;
  uses[uses.length - 1]!++;
  return uses;
}

/** Queries, keys and values, each consumed. */
function attention(
  { numpy, nn }: Jax,
  [query, key, value]: readonly [JaxArray, JaxArray, JaxArray],
): JaxArray {
  const { shape } = key;
  const last = shape.length - 1;
  const axes = shape.map((_, i) => i).with(last, last - 1)
    .with(last - 1, last);
  const scaled = query.mul(1 / Math.sqrt(shape[last]!));
  const scores = numpy.matmul(scaled, numpy.permuteDims(key, axes));
  return numpy.matmul(nn.softmax(scores, -1), value);
}

function evaluate(
  jax: Jax,
  step: Step,
  use: (value: number) => JaxArray,
): JaxArray {
  const { numpy, nn, lax } = jax;
  switch (step.op) {
    case "matmul":
      return numpy.matmul(use(step.left), use(step.right));
    case "add":
    case "mul":
    case "sub":
      return use(step.left)[step.op](use(step.right));
    case "exp":
    case "tanh":
    case "transpose":
      return numpy[step.op](use(step.x));
    case "relu":
      return nn.relu(use(step.x));
    case "gelu":
      return nn.gelu(use(step.x), { approximate: false });
    case "softmax":
      return nn.softmax(use(step.x), -1);
    case "sum":
      return numpy.sum(use(step.x), step.axes);
    case "layerNorm":
      return nn.standardize(use(step.x), -1).mul(use(step.gain))
        .add(use(step.bias));
    case "reshape":
      return use(step.x).reshape(step.shape);
    case "permute":
      return numpy.permuteDims(use(step.x), step.axes);
    case "conv2d":
      return lax.convGeneralDilated(
        use(step.x),
        use(step.weight),
        [1, 1],
        "SAME",
        { featureGroupCount: step.groups },
      );
    case "maxPool":
      return lax.reduceWindow(use(step.x), numpy.max, [2, 2], [2, 2]);
    case "attention":
      return attention(jax, [
        use(step.query),
        use(step.key),
        use(step.value),
      ]);
    default:
      return step satisfies never;
  }
}

/**
 * Computes a formula.
 *
 * @param jax The library.
 * @param formula The formula.
 * @param inputs Its inputs, which are consumed.
 * @returns The result.
 */
export function applySteps(
  jax: Jax,
  formula: Formula,
  inputs: Arrays,
): JaxArray {
  const uses = countUses(formula);
  const values = [...inputs];
  function use(i: number): JaxArray {
    return --uses[i]! > 0 ? values[i]!.ref : values[i]!;
  }
  for (const step of formula.steps) values.push(evaluate(jax, step, use));
  return values.at(-1)!;
}
