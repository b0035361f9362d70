/**
 * Formulas as graphs of TensorFlow Lite. Images have their channels last.
 *
 * @module
 */
import type {
  TfliteArray,
  TfliteNode,
  TfliteOptions,
} from "../formats/tflite.ts";
import { operandsOf, type Step } from "../workload.ts";

/** An operator by its number in the schema. */
interface Call {
  readonly code: number;
  readonly options?: TfliteOptions;
}

/** Numbers of the schema. */
const SIMPLE: Readonly<
  Record<
    | "add"
    | "exp"
    | "gelu"
    | "matmul"
    | "mul"
    | "relu"
    | "softmax"
    | "sub"
    | "tanh",
    Call
  >
> = {
  add: { code: 0, options: { type: 11, fields: 2 } },
  exp: { code: 47 },
  // Without options it is the exact one.
  gelu: { code: 150 },
  matmul: { code: 126, options: { type: 101, fields: 3 } },
  mul: { code: 18, options: { type: 21, fields: 1 } },
  relu: { code: 19 },
  softmax: {
    code: 25,
    options: {
      type: 9,
      fields: 1,
      write: (builder) => builder.addFieldFloat32(0, 1, 0),
    },
  },
  sub: { code: 41, options: { type: 28, fields: 2 } },
  tanh: { code: 28 },
};
const RSQRT = 76;
const RESHAPE = { code: 22, options: { type: 17, fields: 1 } };
const MAX_POOL: Call = {
  code: 17,
  options: {
    type: 5,
    fields: 6,
    write(builder) {
      builder.addFieldInt8(0, 1, 0); // Nothing around.
      for (const field of [1, 2, 3, 4]) builder.addFieldInt32(field, 2, 0);
    },
  },
};
/** A product whose right side is read transposed. */
const MATMUL_BY_ROWS: Call = {
  code: 126,
  options: {
    type: 101,
    fields: 3,
    write: (builder) => builder.addFieldInt8(1, 1, 0),
  },
};
const TRANSPOSE = { code: 39, options: { type: 26, fields: 0 } };

/** Steps of one element, with as many zeros around as height and width need to stay. */
function convolution(isDepthwise: boolean): Call {
  const [code, type, fields] = isDepthwise ? [4, 2, 7] : [3, 1, 6];
  return {
    code,
    options: {
      type,
      fields,
      write(builder) {
        const ones = isDepthwise ? [1, 2, 3] : [1, 2];
        for (const field of ones) builder.addFieldInt32(field, 1, 0);
      },
    },
  };
}

function reduction(code: number, keepsAxes: boolean): Call {
  return {
    code,
    options: {
      type: 27,
      fields: 1,
      write: (builder) => builder.addFieldInt8(0, Number(keepsAxes), 0),
    },
  };
}

/** Turns the steps of a formula into nodes. */
export class LitertGraph {
  readonly arrays: TfliteArray[];
  readonly nodes: TfliteNode[] = [];
  /** The array that holds each value of the formula. */
  readonly values: number[];

  /**
   * Constructs a new instance.
   *
   * @param inputs The inputs as they are given to it, with those elements that are stored in it.
   */
  constructor(inputs: readonly TfliteArray[]) {
    this.arrays = [...inputs];
    this.values = inputs.map((_, i) => i);
  }

  /** Stores an array, and gives its number. */
  constant(
    data: Float32Array | Int32Array,
    shape: readonly number[] = [data.length],
  ): number {
    return this.arrays.push({ shape, data }) - 1;
  }

  /** Writes a call, and gives the number of its result. */
  node(
    call: Call,
    inputs: readonly number[],
    shape: readonly number[],
  ): number {
    const output = this.arrays.push({ shape }) - 1;
    this.nodes.push({ ...call, inputs, output });
    return output;
  }

  /**
   * Writes a step.
   *
   * @param step The step.
   * @param shape The shape of its result.
   */
  write(step: Step, shape: readonly number[]): void {
    const { values } = this;
    switch (step.op) {
      case "permute":
      case "transpose": {
        const order = this.constant(
          Int32Array.from(step.op === "permute" ? step.axes : [1, 0]),
        );
        values.push(this.node(TRANSPOSE, [values[step.x]!, order], shape));
        break;
      }
      case "reshape": {
        const sizes = this.constant(Int32Array.from(shape));
        values.push(this.node(RESHAPE, [values[step.x]!, sizes], shape));
        break;
      }
      case "maxPool":
        values.push(this.node(MAX_POOL, [values[step.x]!], lastOf(shape)));
        break;
      case "conv2d":
        values.push(this.convolve(step, lastOf(shape)));
        break;
      case "attention":
        values.push(this.attend(step, shape));
        break;
      case "sum": {
        const axes = this.constant(Int32Array.from(step.axes));
        values.push(
          this.node(reduction(74, false), [values[step.x]!, axes], shape),
        );
        break;
      }
      case "layerNorm":
        values.push(this.layerNorm(step, shape));
        break;
      default: {
        const inputs = operandsOf(step).map((i) => values[i]!);
        values.push(this.node(SIMPLE[step.op], inputs, shape));
      }
    }
  }

  /** With a bias of zeros, which it insists on. */
  convolve(
    { x, weight, groups }: Step & { readonly op: "conv2d" },
    shape: readonly number[],
  ): number {
    const { values } = this;
    const bias = this.constant(new Float32Array(shape.at(-1)!));
    const call = convolution(groups > 1);
    return this.node(call, [values[x]!, values[weight]!, bias], shape);
  }

  /** There is no such operator: products and a softmax. */
  attend(
    { query, key, value }: Step & { readonly op: "attention" },
    shape: readonly number[],
  ): number {
    const { values } = this;
    const scores = shape.with(-1, shape.at(-2)!);
    const scale = this.constant(
      Float32Array.of(1 / Math.sqrt(shape.at(-1)!)),
      [],
    );
    const scaled = this.node(SIMPLE.mul, [values[query]!, scale], shape);
    const products = this.node(
      MATMUL_BY_ROWS,
      [scaled, values[key]!],
      scores,
    );
    const shares = this.node(SIMPLE.softmax, [products], scores);
    return this.node(SIMPLE.matmul, [shares, values[value]!], shape);
  }

  /** There is no such operator: what converters make of it. */
  layerNorm(
    { x, gain, bias }: Step & { readonly op: "layerNorm" },
    shape: readonly number[],
  ): number {
    const { values } = this;
    const { add, mul, sub } = SIMPLE;
    const one = [...shape.slice(0, -1), 1];
    const axis = this.constant(Int32Array.of(shape.length - 1));
    const epsilon = this.constant(Float32Array.of(1e-5), []);
    const mean = this.node(reduction(40, true), [values[x]!, axis], one);
    const centered = this.node(sub, [values[x]!, mean], shape);
    const squared = this.node(mul, [centered, centered], shape);
    const variance = this.node(reduction(40, true), [squared, axis], one);
    const shifted = this.node(add, [variance, epsilon], one);
    const scale = this.node({ code: RSQRT }, [shifted], one);
    const normal = this.node(mul, [centered, scale], shape);
    const scaled = this.node(mul, [normal, values[gain]!], shape);
    return this.node(add, [scaled, values[bias]!], shape);
  }
}

/** The shape of images whose channels are last. */
function lastOf(shape: readonly number[]): readonly number[] {
  const [count, channels, ...area] = shape;
  return [count!, ...area, channels!];
}
