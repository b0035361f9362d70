/**
 * Steps of formulas as nodes of ONNX.
 *
 * @module
 */
import type { OnnxArray, OnnxNode } from "../formats/onnx.ts";
import type { Step } from "../workload.ts";

const TYPES: Readonly<Record<Exclude<Step["op"], "attention">, string>> = {
  add: "Add",
  conv2d: "Conv",
  exp: "Exp",
  gelu: "Gelu",
  layerNorm: "LayerNormalization",
  matmul: "MatMul",
  maxPool: "MaxPool",
  mul: "Mul",
  permute: "Transpose",
  relu: "Relu",
  reshape: "Reshape",
  softmax: "Softmax",
  sub: "Sub",
  sum: "ReduceSum",
  tanh: "Tanh",
  transpose: "Transpose",
};

/** What a step is written with. */
export interface NodeOptions {
  /** Name of its result. */
  readonly output: string;
  /** Names a value. */
  readonly name: (value: number) => string;
  /** Shapes of the values. */
  readonly shapes: readonly (readonly number[])[];
}

const LAST = { axis: { int: -1 } };

/** Three nodes, the first of which scales, and reads the keys as they lie. */
function attention(
  step: Step & { readonly op: "attention" },
  { output, name, shapes }: NodeOptions,
): OnnxNode[] {
  const scale = 1 / Math.sqrt(shapes[step.query]!.at(-1)!);
  const [scores, shares] = [`${output} scores`, `${output} shares`];
  return [
    {
      type: "FusedMatMul",
      domain: "com.microsoft",
      inputs: [name(step.query), name(step.key)],
      outputs: [scores],
      attributes: { transB: { int: 1 }, alpha: { float: scale } },
    },
    { type: "Softmax", inputs: [scores], outputs: [shares], attributes: LAST },
    { type: "MatMul", inputs: [shares, name(step.value)], outputs: [output] },
  ];
}

/**
 * Writes a step.
 *
 * @param step The step.
 * @param options Names and shapes.
 * @returns Its nodes.
 */
export function nodesOf(step: Step, options: NodeOptions): OnnxNode[] {
  if (step.op === "attention") return attention(step, options);
  const { name, shapes } = options;
  const base = { type: TYPES[step.op], outputs: [options.output] };
  switch (step.op) {
    case "sum":
      return [{
        ...base,
        inputs: [name(step.x), wholesName(step.axes)],
        attributes: { keepdims: { int: 0 } },
      }];
    case "reshape":
      return [{ ...base, inputs: [name(step.x), wholesName(step.shape)] }];
    case "permute":
      return [{
        ...base,
        inputs: [name(step.x)],
        attributes: { perm: { ints: step.axes } },
      }];
    case "layerNorm":
      return [{
        ...base,
        inputs: [step.x, step.gain, step.bias].map(name),
        attributes: { ...LAST, epsilon: { float: 1e-5 } },
      }];
    case "softmax":
      return [{ ...base, inputs: [name(step.x)], attributes: LAST }];
    case "conv2d": {
      const side = shapes[step.weight]!.at(-1)!;
      return [{
        ...base,
        inputs: [name(step.x), name(step.weight)],
        attributes: {
          kernel_shape: { ints: [side, side] },
          pads: { ints: Array(4).fill((side - 1) / 2) },
          group: { int: step.groups },
        },
      }];
    }
    case "maxPool":
      return [{
        ...base,
        inputs: [name(step.x)],
        attributes: {
          kernel_shape: { ints: [2, 2] },
          strides: { ints: [2, 2] },
        },
      }];
    case "add":
    case "matmul":
    case "mul":
    case "sub":
      return [{ ...base, inputs: [step.left, step.right].map(name) }];
    default:
      return [{ ...base, inputs: [name(step.x)] }];
  }
}

function wholesName(values: readonly number[]): string {
  return `numbers ${values}`;
}

/**
 * Stores whole numbers.
 *
 * @param name The name of the array.
 * @param values The numbers.
 * @returns The array.
 */
export function wholes(name: string, values: readonly number[]): OnnxArray {
  return {
    name,
    shape: [values.length],
    data: BigInt64Array.from(values, BigInt),
  };
}

/**
 * Lists what is stored beside the inputs.
 *
 * @param steps The steps.
 * @returns Axes and shapes, each once.
 */
export function constantsOf(steps: readonly Step[]): OnnxArray[] {
  const found = new Map(
    steps.flatMap((step) => {
      const values = step.op === "sum"
        ? step.axes
        : step.op === "reshape"
        ? step.shape
        : undefined;
      return values ? [[wholesName(values), values]] : [];
    }),
  );
  return [...found].map(([name, values]) => wholes(name, values));
}
