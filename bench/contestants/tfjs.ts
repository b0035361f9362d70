/**
 * TensorFlow.js on its WebAssembly backend: one operator at a time, one thread, no relaxed SIMD.
 *
 * @module
 */
import { trainingShapes } from "../inputs.ts";
import type { FormulaWorkload, Step, TrainingWorkload } from "../workload.ts";
import type { Contestant, Prepared } from "./contestant.ts";
import { packageSpecifier, PEERS } from "./names.ts";

interface TfTensor {
  dataSync(): Float32Array;
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
type Binary = (left: TfTensor, right: TfTensor | number) => TfTensor;

interface Tf {
  setBackend(name: string): Promise<boolean>;
  tensor(data: Float32Array, shape: readonly number[]): TfTensor;
  variable(initial: TfTensor): TfTensor;
  tidy(body: () => TfTensor): TfTensor;
  readonly add: Binary;
  readonly erf: Unary;
  readonly exp: Unary;
  readonly matMul: (left: TfTensor, right: TfTensor) => TfTensor;
  readonly mul: Binary;
  readonly relu: Unary;
  readonly rsqrt: Unary;
  readonly softmax: Unary;
  readonly sub: Binary;
  readonly tanh: Unary;
  readonly transpose: Unary;
  sum(x: TfTensor, axes: readonly number[]): TfTensor;
  mean(x: TfTensor, axis: number, keepDims: boolean): TfTensor;
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

/** Calls whose kernels have run when they return. */
class PreparedCalls implements Prepared {
  readonly #call: () => TfTensor;
  readonly #owned: readonly { dispose(): void }[];
  readonly #repeats: number;
  #result: TfTensor | undefined;

  constructor(call: () => TfTensor, { owned, repeats }: {
    readonly owned: readonly { dispose(): void }[];
    readonly repeats: number;
  }) {
    this.#call = call;
    this.#owned = owned;
    this.#repeats = repeats;
  }

  run(): void {
    for (let i = 0; i < this.#repeats; i++) {
      this.#result?.dispose();
      this.#result = this.#call();
    }
  }

  read(): Float32Array {
    return this.#result!.dataSync();
  }

  [Symbol.dispose](): void {
    this.#result?.dispose();
    for (const each of this.#owned) each.dispose();
  }
}

function prepareFormula(
  tf: Tf,
  { inputs, steps, repeats }: FormulaWorkload,
  elements: readonly Float32Array[],
): Prepared {
  const tensors = elements.map((data, i) => tf.tensor(data, inputs[i]!.shape));
  const call = () =>
    tf.tidy(() => {
      const values = [...tensors];
      for (const step of steps) values.push(evaluate(tf, step, values));
      return values.at(-1)!;
    });
  return new PreparedCalls(call, { owned: tensors, repeats });
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
  return new PreparedCalls(() => optimizer.minimize(loss, true, layers), {
    owned: [x!, targets!, ...layers, optimizer],
    repeats: 1,
  });
}

/**
 * Loads TensorFlow.js.
 *
 * @returns The contestant.
 */
export async function loadTfjs(): Promise<Contestant> {
  const tf: Tf = await import(packageSpecifier("tfjs", "@tensorflow/tfjs"));
  await import(packageSpecifier("tfjs", "@tensorflow/tfjs-backend-wasm"));
  if (!await tf.setBackend("wasm")) {
    throw new Error("TensorFlow.js has no WebAssembly backend here");
  }
  return {
    versions: PEERS.tfjs.packages,
    refuses: () => undefined,
    prepare: (workload, inputs) =>
      workload.kind === "formula"
        ? prepareFormula(tf, workload, inputs)
        : prepareTraining(tf, workload, inputs),
  };
}
