/**
 * jax-js on its WebAssembly backend, traced and compiled by `jit`. It computes in workers.
 *
 * @module
 */
import { trainingShapes } from "../inputs.ts";
import type { FormulaWorkload, Step, TrainingWorkload } from "../workload.ts";
import type { Contestant, Prepared } from "./contestant.ts";
import { packageSpecifier, PEERS } from "./names.ts";

/** An array that each use consumes; `ref` is one more use. */
interface JaxArray {
  readonly ref: JaxArray;
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  data(): Promise<Float32Array>;
  dispose(): void;
}

type Arrays = readonly JaxArray[];
type Unary = (x: JaxArray) => JaxArray;

interface Jax {
  init(device: string): Promise<unknown>;
  defaultDevice(device: string): string;
  blockUntilReady(arrays: Arrays): Promise<unknown>;
  jit(fn: (...arrays: Arrays) => Arrays): (...arrays: Arrays) => Arrays;
  valueAndGrad(
    fn: (layers: Arrays, x: JaxArray, targets: JaxArray) => JaxArray,
  ): (layers: Arrays, x: JaxArray, targets: JaxArray) => [JaxArray, Arrays];
  readonly numpy: {
    array(data: Float32Array): JaxArray;
    readonly exp: Unary;
    readonly sqrt: Unary;
    readonly tanh: Unary;
    readonly transpose: Unary;
    matmul(left: JaxArray, right: JaxArray): JaxArray;
    sum(x: JaxArray, axes?: readonly number[]): JaxArray;
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
function countUses({ inputs, steps }: FormulaWorkload): number[] {
  const uses = new Array<number>(inputs.length + steps.length).fill(0);
  for (const step of steps) {
    const { op: _op, ...used } = step;
    for (const value of Object.values(used)) {
      if (typeof value === "number") uses[value]!++;
    }
  }
  uses[uses.length - 1]!++;
  return uses;
}

function evaluate(
  { numpy, nn }: Jax,
  step: Step,
  use: (value: number) => JaxArray,
): JaxArray {
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
    default:
      return step satisfies never;
  }
}

async function prepareFormula(
  jax: Jax,
  workload: FormulaWorkload,
  elements: readonly Float32Array[],
): Promise<Prepared> {
  const { inputs, steps, repeats } = workload;
  const compiled = jax.jit((...arrays) => {
    const uses = countUses(workload);
    const values = [...arrays];
    function use(i: number): JaxArray {
      return --uses[i]! > 0 ? values[i]!.ref : values[i]!;
    }
    for (const step of steps) values.push(evaluate(jax, step, use));
    return [values.at(-1)!];
  });
  const arrays = elements.map((data, i) =>
    jax.numpy.array(data).reshape(inputs[i]!.shape)
  );
  await jax.blockUntilReady(arrays);
  let results: JaxArray[] = [];
  return {
    async run() {
      for (const each of results) each.dispose();
      results = [];
      for (let i = 0; i < repeats; i++) {
        results.push(...compiled(...arrays.map(({ ref }) => ref)));
      }
      await jax.blockUntilReady(results);
    },
    read: () => results.at(-1)!.ref.data(),
    [Symbol.dispose]() {
      for (const each of [...results, ...arrays]) each.dispose();
    },
  };
}

const BETA1 = 0.9;
const BETA2 = 0.999;

/** New layers, and new averages if there are any, in the order of the state. */
function update(
  { numpy }: Jax,
  slopes: Arrays,
  { state, workload: { learningRate, optimizer, features } }: {
    readonly state: Arrays;
    readonly workload: TrainingWorkload;
  },
): Arrays {
  const count = 2 * (features.length - 1);
  if (optimizer === "sgd") {
    return state.map((each, i) => each.sub(slopes[i]!.mul(learningRate)));
  }
  const ones1 = state.at(-2)!.mul(BETA1).add(1 - BETA1);
  const ones2 = state.at(-1)!.mul(BETA2).add(1 - BETA2);
  const means = slopes.map((slope, i) =>
    state[count + i]!.mul(BETA1).add(slope.ref.mul(1 - BETA1))
  );
  const squares = slopes.map((slope, i) =>
    state[2 * count + i]!.mul(BETA2).add(slope.ref.mul(slope).mul(1 - BETA2))
  );
  const layers = state.slice(0, count).map((each, i) => {
    const size = numpy.sqrt(squares[i]!.ref.div(ones2.ref)).add(1e-8);
    const step = means[i]!.ref.div(ones1.ref).div(size);
    return each.sub(step.mul(learningRate));
  });
  return [...layers, ...means, ...squares, ones1, ones2];
}

async function prepareTraining(
  jax: Jax,
  workload: TrainingWorkload,
  elements: readonly Float32Array[],
): Promise<Prepared> {
  const { numpy, nn } = jax;
  const { batch, optimizer } = workload;
  const shapes = trainingShapes(workload);
  const [x, targets, ...layers] = elements.map((data, i) =>
    numpy.array(data).reshape(shapes[i]!)
  );
  const slopesOf = jax.valueAndGrad((layers, x, targets) => {
    let y = x;
    for (let i = 0; i < layers.length; i += 2) {
      if (i > 0) y = nn.relu(y);
      y = numpy.matmul(y, layers[i]!).add(layers[i + 1]!);
    }
    return numpy.sum(nn.logSoftmax(y, -1).mul(targets)).mul(-1 / batch);
  });
  const count = layers.length;
  const compiled = jax.jit((x, targets, ...state) => {
    const inner = state.slice(0, count).map(({ ref }) => ref);
    const [loss, slopes] = slopesOf(inner, x!, targets!);
    return [loss, ...update(jax, slopes, { state, workload })];
  });
  function zero(shape: readonly number[]): JaxArray {
    return numpy.array(new Float32Array(shape.reduce((a, b) => a * b, 1)))
      .reshape(shape);
  }
  const averages = shapes.slice(2);
  let state: Arrays = optimizer === "sgd"
    ? layers
    : [...layers, ...[...averages, ...averages, [], []].map(zero)];
  let loss: JaxArray | undefined;
  await jax.blockUntilReady([x!, targets!, ...state]);
  return {
    async run() {
      loss?.dispose();
      [loss, ...state] = compiled(x!.ref, targets!.ref, ...state);
      await jax.blockUntilReady([loss!, ...state]);
    },
    read: () => loss!.ref.data(),
    [Symbol.dispose]() {
      loss?.dispose();
      for (const each of [x!, targets!, ...state]) each.dispose();
    },
  };
}

/**
 * Loads jax-js.
 *
 * @param options How many workers it starts: as many as it believes there are cores.
 * @returns The contestant.
 */
export async function loadJax(
  { threads }: { readonly threads: number },
): Promise<Contestant> {
  Object.defineProperty(navigator, "hardwareConcurrency", { value: threads });
  const jax: Jax = await import(packageSpecifier("jax", "@jax-js/jax"));
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  return {
    versions: PEERS.jax.packages,
    refuses: () => undefined,
    prepare: (workload, inputs) =>
      workload.kind === "formula"
        ? prepareFormula(jax, workload, inputs)
        : prepareTraining(jax, workload, inputs),
  };
}
