/**
 * This library: each workload is a compiled function of resident tensors.
 *
 * @module
 */
import {
  Adam,
  compile,
  type Compiled,
  compileStep,
  crossEntropy,
  gradients,
  type Optimizer,
  scaledDotProductAttention,
  setDefaultBackend,
  Sgd,
  type Tensor,
  tensor,
  VERSION,
} from "@spiraltorch/spiraltorch";
import type { Backend } from "@spiraltorch/spiraltorch/kernels";
import { createWasmBackend } from "@spiraltorch/spiraltorch/kernels/wasm";
import { createWebGpuBackend } from "@spiraltorch/spiraltorch/kernels/webgpu";
import { trainingShapes } from "../inputs.ts";
import { descentFound } from "../oracle/descent.ts";
import type {
  ComputeWorkload,
  DescentWorkload,
  FormulaWorkload,
  Step,
  TrainingWorkload,
} from "../workload.ts";
import type { Contestant, Prepared } from "./contestant.ts";
import type { LoadOptions } from "./load_options.ts";

function evaluate(step: Step, values: readonly Tensor[]): Tensor {
  switch (step.op) {
    case "add":
    case "matmul":
    case "mul":
    case "sub":
      return values[step.left]![step.op](values[step.right]!);
    case "exp":
    case "gelu":
    case "relu":
    case "softmax":
    case "tanh":
    case "transpose":
      return values[step.x]![step.op]();
    case "sum":
      return values[step.x]!.sum(step.axes);
    case "reshape":
      return values[step.x]!.reshape(step.shape);
    case "permute":
      return values[step.x]!.permute(step.axes);
    case "conv2d": {
      const weight = values[step.weight]!;
      const padding = (weight.shape.at(-1)! - 1) / 2;
      return values[step.x]!.conv2d(weight, { padding, groups: step.groups });
    }
    case "maxPool":
      return values[step.x]!.maxPool2d(2);
    case "attention":
      return scaledDotProductAttention(
        values[step.query]!,
        values[step.key]!,
        values[step.value]!,
      );
    case "layerNorm":
      return values[step.x]!.layerNorm(-1, { epsilon: 1e-5 })
        .mul(values[step.gain]!).add(values[step.bias]!);
    default:
      return step satisfies never;
  }
}

function applySteps(
  steps: readonly Step[],
  inputs: readonly Tensor[],
): Tensor {
  const values = [...inputs];
  for (const step of steps) values.push(evaluate(step, values));
  return values.at(-1)!;
}

class PreparedCall implements Prepared {
  readonly #compiled: Compiled<Tensor>;
  readonly #inputs: readonly Tensor[];
  readonly #owned: readonly Tensor[];
  readonly #repeats: number;
  #result: Tensor | undefined;

  constructor(compiled: Compiled<Tensor>, { inputs, owned = [], repeats }: {
    readonly inputs: readonly Tensor[];
    readonly owned?: readonly Tensor[];
    readonly repeats: number;
  }) {
    this.#compiled = compiled;
    this.#inputs = inputs;
    this.#owned = owned;
    this.#repeats = repeats;
  }

  async run(): Promise<void> {
    for (let i = 0; i < this.#repeats; i++) {
      this.#result?.dispose();
      this.#result = await this.#compiled(...this.#inputs);
    }
  }

  async read(): Promise<Float32Array> {
    return Float32Array.from(await this.#result!.data());
  }

  [Symbol.dispose](): void {
    this.#result?.dispose();
    for (const each of [...this.#inputs, ...this.#owned]) each.dispose();
    this.#compiled[Symbol.dispose]();
  }
}

function prepareFormula(
  { inputs, steps, repeats }: FormulaWorkload,
  elements: readonly Float32Array[],
): Prepared {
  const compiled = compile((...tensors) => applySteps(steps, tensors));
  const tensors = elements.map((data, i) =>
    tensor(data, { shape: inputs[i]!.shape })
  );
  return new PreparedCall(compiled, { inputs: tensors, repeats });
}

function classesOf(targets: Float32Array, classes: number): Int32Array {
  return Int32Array.from(
    { length: targets.length / classes },
    (_, row) => targets.subarray(row * classes, (row + 1) * classes).indexOf(1),
  );
}

async function prepareTraining(
  workload: TrainingWorkload,
  elements: readonly Float32Array[],
): Promise<Prepared> {
  const { features, learningRate, optimizer } = workload;
  const tensors = trainingShapes(workload).map((shape, i) =>
    tensor(elements[i]!, { shape })
  );
  const layers = tensors.slice(2);
  const parameters = new Map(layers.map((each, i) => [`${i}`, each]));
  const rule: Optimizer = optimizer === "sgd"
    ? new Sgd({ learningRate })
    : new Adam({ learningRate });
  const state = rule.initialState(parameters);
  for (const each of state.values()) await each.realize();
  const rate = tensor(learningRate);
  const targets = tensor(classesOf(elements[1]!, features.at(-1)!));
  const compiled = compileStep((x, classes, rate) => {
    let y = x!;
    for (let i = 0; i < layers.length; i += 2) {
      if (i > 0) y = y.relu();
      y = y.matmul(layers[i]!).add(layers[i + 1]!);
    }
    const loss = crossEntropy(y, classes!);
    const slopes = gradients(loss, layers);
    const updates = rule.update({
      parameters,
      gradients: new Map(layers.map((_, i) => [`${i}`, slopes[i]!])),
      state,
      learningRate: rate!,
    });
    return { result: loss, updates };
  });
  return new PreparedCall(compiled, {
    inputs: [tensors[0]!, targets, rate],
    owned: [tensors[1]!, ...layers, ...state.values()],
    repeats: 1,
  });
}

/** The loss of a result, with targets if it has any. */
function lossOf(result: Tensor, targets: Tensor | undefined): Tensor {
  return targets
    ? crossEntropy(result, targets)
    : result.mul(result).mean().mul(0.5);
}

function prepareDescent(
  workload: DescentWorkload,
  elements: readonly Float32Array[],
): Prepared {
  const { inputs, steps, learned, learningRate } = workload;
  const tensors = elements.map((data, i) =>
    tensor(data, { shape: inputs[i]!.shape })
  );
  const parameters = learned.map((i) => tensors[i]!);
  const classes = workload.loss === "crossEntropy"
    ? tensor(classesOf(elements.at(-1)!, inputs.at(-1)!.shape[1]!))
    : undefined;
  const compiled = compileStep(() => {
    const loss = lossOf(applySteps(steps, tensors), classes);
    const slopes = gradients(loss, parameters);
    const updates = new Map(
      parameters.map((
        each,
        i,
      ) => [each, each.sub(slopes[i]!.mul(learningRate))]),
    );
    return { result: loss, updates };
  });
  const call = new PreparedCall(compiled, {
    inputs: [],
    owned: [...tensors, ...classes ? [classes] : []],
    repeats: 1,
  });
  const before = learned.map((i) => elements[i]!);
  return {
    run: () => call.run(),
    async read() {
      const [loss] = await call.read();
      const after = await Promise.all(parameters.map((each) => each.data()));
      return descentFound(workload, { loss: loss!, before, after });
    },
    [Symbol.dispose]: () => call[Symbol.dispose](),
  };
}

/**
 * Makes this library ready, on a backend of its own.
 *
 * @param options What computes, and how many threads.
 * @returns The contestant.
 */
export async function loadOurs(
  { backend, threads }: LoadOptions,
): Promise<Contestant> {
  const own = backend === "wasm"
    ? createWasmBackend({ threads })
    : await createWebGpuBackend();
  return {
    versions: { "@spiraltorch/spiraltorch": VERSION },
    refuses: () => undefined,
    async prepare(workload, inputs) {
      setDefaultBackend(own);
      return onBackend(own, await prepare(workload, inputs));
    },
  };
}

function prepare(
  workload: ComputeWorkload,
  inputs: readonly Float32Array[],
): Prepared | Promise<Prepared> {
  switch (workload.kind) {
    case "formula":
      return prepareFormula(workload, inputs);
    case "training":
      return prepareTraining(workload, inputs);
    case "descent":
      return prepareDescent(workload, inputs);
    default:
      return workload satisfies never;
  }
}

/** Whose turn it is computes: with several threads this library takes part twice. */
function onBackend(backend: Backend, prepared: Prepared): Prepared {
  return {
    run() {
      setDefaultBackend(backend);
      return prepared.run();
    },
    read: () => prepared.read(),
    [Symbol.dispose]: () => prepared[Symbol.dispose](),
  };
}
