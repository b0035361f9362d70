/**
 * TensorFlow.js: one operator at a time; on WebAssembly, one thread and no relaxed SIMD.
 *
 * @module
 */
import { trainingShapes } from "../inputs.ts";
import {
  channelsLast,
  channelsSecond,
  permute,
  readerOf,
  rolesOf,
  type Shaped,
} from "../layout.ts";
import { descentFound } from "../oracle/descent.ts";
import type {
  DescentWorkload,
  Formula,
  FormulaWorkload,
  Step,
  TrainingWorkload,
} from "../workload.ts";
import type { Contestant, Prepared } from "./contestant.ts";
import type { LoadOptions } from "./load_options.ts";
import { packageSpecifier, PEERS } from "./names.ts";

interface TfTensor {
  readonly shape: readonly number[];
  data(): Promise<Float32Array>;
  dispose(): void;
}

interface TfOptimizer {
  minimize(
    loss: () => TfTensor,
    returnCost: boolean,
    variables: readonly TfTensor[],
  ): TfTensor;
  dispose(): void;
}

type Unary = (x: TfTensor) => TfTensor;
type Convolution = (
  x: TfTensor,
  filter: TfTensor,
  stride: number,
  padding: "same",
) => TfTensor;
type Binary = (left: TfTensor, right: TfTensor | number) => TfTensor;

/** What the backend of WebGPU has beside others: it collects commands, and sends them now and then. */
interface TfBackend {
  readonly commandEncoder?: unknown;
  endComputePassEncoder?(): void;
  submitQueue?(): void;
}

interface Tf {
  setBackend(name: string): Promise<boolean>;
  env(): { set(flag: string, value: boolean): void };
  backend(): TfBackend;
  tensor(data: Float32Array, shape: readonly number[]): TfTensor;
  variable(initial: TfTensor): TfTensor;
  tidy(body: () => TfTensor): TfTensor;
  readonly add: Binary;
  readonly erf: Unary;
  readonly exp: Unary;
  readonly mul: Binary;
  readonly relu: Unary;
  readonly rsqrt: Unary;
  readonly softmax: Unary;
  readonly sub: Binary;
  readonly tanh: Unary;
  readonly matMul: (
    left: TfTensor,
    right: TfTensor,
    transposeLeft?: boolean,
    transposeRight?: boolean,
  ) => TfTensor;
  transpose(x: TfTensor, axes?: readonly number[]): TfTensor;
  reshape(x: TfTensor, shape: readonly number[]): TfTensor;
  readonly conv2d: Convolution;
  readonly depthwiseConv2d: Convolution;
  maxPool(
    x: TfTensor,
    window: number,
    stride: number,
    padding: "valid",
  ): TfTensor;
  mean(x: TfTensor, axis?: number, keepDims?: boolean): TfTensor;
  sum(x: TfTensor, axes: readonly number[]): TfTensor;
  readonly losses: {
    softmaxCrossEntropy(targets: TfTensor, logits: TfTensor): TfTensor;
  };
  readonly train: Readonly<
    Record<"adam" | "sgd", (rate: number) => TfOptimizer>
  >;
}

function evaluate(tf: Tf, step: Step, values: readonly TfTensor[]): TfTensor {
  switch (step.op) {
    case "matmul":
      return tf.matMul(values[step.left]!, values[step.right]!);
    case "add":
    case "mul":
    case "sub":
      return tf[step.op](values[step.left]!, values[step.right]!);
    case "exp":
    case "relu":
    case "softmax":
    case "tanh":
    case "transpose":
      return tf[step.op](values[step.x]!);
    case "permute":
      return tf.transpose(values[step.x]!, step.axes);
    case "reshape":
      return tf.reshape(values[step.x]!, step.shape);
    case "conv2d": {
      const convolve = step.groups > 1 ? tf.depthwiseConv2d : tf.conv2d;
      return convolve(values[step.x]!, values[step.weight]!, 1, "same");
    }
    case "maxPool":
      return tf.maxPool(values[step.x]!, 2, 2, "valid");
    case "attention": {
      const query = values[step.query]!;
      const scale = 1 / Math.sqrt(query.shape.at(-1)!);
      const scores = tf.matMul(
        tf.mul(query, scale),
        values[step.key]!,
        false,
        true,
      );
      return tf.matMul(tf.softmax(scores), values[step.value]!);
    }
    case "gelu": {
      const x = values[step.x]!;
      const share = tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1);
      return tf.mul(tf.mul(x, 0.5), share);
    }
    case "sum":
      return tf.sum(values[step.x]!, step.axes);
    case "layerNorm": {
      const x = values[step.x]!;
      const centered = tf.sub(x, tf.mean(x, -1, true));
      const variance = tf.mean(tf.mul(centered, centered), -1, true);
      const normal = tf.mul(centered, tf.rsqrt(tf.add(variance, 1e-5)));
      return tf.add(tf.mul(normal, values[step.gain]!), values[step.bias]!);
    }
    default:
      return step satisfies never;
  }
}

/** Calls whose kernels have run when they return, or are in the queue of the GPU. */
class PreparedCalls implements Prepared {
  readonly #tf: Tf;
  readonly #call: () => TfTensor;
  readonly #read: (result: TfTensor) => Float32Array | Promise<Float32Array>;
  readonly #owned: readonly { dispose(): void }[];
  readonly #repeats: number;
  #result: TfTensor | undefined;

  constructor(tf: Tf, { call, owned, repeats, read }: {
    readonly call: () => TfTensor;
    readonly owned: readonly { dispose(): void }[];
    readonly repeats: number;
    readonly read?: (
      result: TfTensor,
    ) => Float32Array | Promise<Float32Array>;
  }) {
    this.#tf = tf;
    this.#call = call;
    this.#read = read ?? ((result) => result.data());
    this.#owned = owned;
    this.#repeats = repeats;
  }

  run(): void {
    for (let i = 0; i < this.#repeats; i++) {
      this.#result?.dispose();
      this.#result = this.#call();
    }
    const backend = this.#tf.backend();
    backend.endComputePassEncoder?.();
    if (backend.commandEncoder) backend.submitQueue?.();
  }

  read(): Float32Array | Promise<Float32Array> {
    return this.#read(this.#result!);
  }

  [Symbol.dispose](): void {
    this.#result?.dispose();
    for (const each of this.#owned) each.dispose();
  }
}

/** Puts channels last, and the filters of images where they are wanted. */
function arrange(formula: Formula, array: Shaped, input: number): Shaped {
  const role = rolesOf(formula)[input]!;
  if (role === "image") return channelsLast(array);
  if (role === "other") return array;
  const isDepthwise = readerOf(formula, input).groups > 1;
  return permute(array, isDepthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]);
}

function prepareFormula(
  tf: Tf,
  workload: FormulaWorkload,
  elements: readonly Float32Array[],
): Prepared {
  const { inputs, steps, repeats } = workload;
  const tensors = elements.map((data, i) => {
    const array = arrange(workload, { shape: inputs[i]!.shape, data }, i);
    return tf.tensor(array.data, array.shape);
  });
  const call = () =>
    tf.tidy(() => {
      const values = [...tensors];
      for (const step of steps) values.push(evaluate(tf, step, values));
      return values.at(-1)!;
    });
  return new PreparedCalls(tf, {
    call,
    owned: tensors,
    repeats,
    read: async (result) => channelsSecond(workload, await result.data()),
  });
}

/** The result stays what it is: the loss; the numbers are those of the last step. */
function prepareDescent(
  tf: Tf,
  workload: DescentWorkload,
  elements: readonly Float32Array[],
): Prepared {
  const { inputs, steps, learned, learningRate } = workload;
  const values = elements.map((data, i) => {
    const initial = tf.tensor(data, inputs[i]!.shape);
    return learned.includes(i) ? tf.variable(initial) : initial;
  });
  const variables = learned.map((i) => values[i]!);
  const optimizer = tf.train.sgd(learningRate);
  // Only the first step is compared.
  const before = learned.map((i) => elements[i]!);
  function loss(): TfTensor {
    const all = [...values];
    for (const step of steps) all.push(evaluate(tf, step, all));
    const result = all.at(-1)!;
    return workload.loss === "squares"
      ? tf.mul(tf.mean(tf.mul(result, result)), 0.5)
      : tf.losses.softmaxCrossEntropy(values[inputs.length - 1]!, result);
  }
  return new PreparedCalls(tf, {
    call: () => optimizer.minimize(loss, true, variables),
    owned: [...values, optimizer],
    repeats: 1,
    read: async (result) =>
      descentFound(workload, {
        loss: (await result.data())[0]!,
        before,
        after: await Promise.all(variables.map((each) => each.data())),
      }),
  });
}

function prepareTraining(
  tf: Tf,
  workload: TrainingWorkload,
  elements: readonly Float32Array[],
): Prepared {
  const [x, targets, ...initial] = trainingShapes(workload).map((shape, i) =>
    tf.tensor(elements[i]!, shape)
  );
  const layers = initial.map((each) => tf.variable(each));
  for (const each of initial) each.dispose();
  const optimizer = tf.train[workload.optimizer](workload.learningRate);
  function loss(): TfTensor {
    let y = x!;
    for (let i = 0; i < layers.length; i += 2) {
      if (i > 0) y = tf.relu(y);
      y = tf.add(tf.matMul(y, layers[i]!), layers[i + 1]!);
    }
    return tf.losses.softmaxCrossEntropy(targets!, y);
  }
  return new PreparedCalls(tf, {
    call: () => optimizer.minimize(loss, true, layers),
    owned: [x!, targets!, ...layers, optimizer],
    repeats: 1,
  });
}

/**
 * Loads TensorFlow.js.
 *
 * @param options What computes.
 * @returns The contestant.
 */
export async function loadTfjs(
  { backend }: LoadOptions,
): Promise<Contestant> {
  const tf: Tf = await import(packageSpecifier("tfjs", "@tensorflow/tfjs"));
  await import(
    packageSpecifier("tfjs", `@tensorflow/tfjs-backend-${backend}`)
  );
  // Else it computes what is small on the CPU.
  if (backend === "webgpu") tf.env().set("WEBGPU_CPU_FORWARD", false);
  if (!await tf.setBackend(backend)) {
    throw new Error(`TensorFlow.js has no backend ${backend} here`);
  }
  return {
    versions: PEERS.tfjs.packages,
    refuses: (workload) =>
      workload.kind === "descent" &&
        workload.steps.some(({ op }) => op === "conv2d")
        ? "it has no gradient of convolution here"
        : undefined,
    prepare(workload, inputs) {
      switch (workload.kind) {
        case "formula":
          return prepareFormula(tf, workload, inputs);
        case "training":
          return prepareTraining(tf, workload, inputs);
        case "descent":
          return prepareDescent(tf, workload, inputs);
        default:
          return workload satisfies never;
      }
    },
  };
}
