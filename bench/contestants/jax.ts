/**
 * jax-js, traced and compiled by `jit`. On WebAssembly it computes in workers.
 *
 * @module
 */
import { trainingShapes } from "../inputs.ts";
import type { FormulaWorkload, TrainingWorkload } from "../workload.ts";
import type { Contestant, Prepared } from "./contestant.ts";
import type { LoadOptions } from "./load_options.ts";
import { prepareDescent } from "./jax_descent.ts";
import {
  applySteps,
  type Arrays,
  type Jax,
  type JaxArray,
} from "./jax_steps.ts";
import { packageSpecifier, PEERS } from "./names.ts";

async function prepareFormula(
  jax: Jax,
  workload: FormulaWorkload,
  elements: readonly Float32Array[],
): Promise<Prepared> {
  const { inputs, repeats } = workload;
  const compiled = jax.jit((...arrays) => [applySteps(jax, workload, arrays)]);
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
    let y = x!;
    for (let i = 0; i < layers.length; i += 2) {
      if (i > 0) y = nn.relu(y);
      y = numpy.matmul(y, layers[i]!).add(layers[i + 1]!);
    }
    return numpy.sum(nn.logSoftmax(y, -1).mul(targets!)).mul(-1 / batch);
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
 * @param options What computes, and how many workers it starts: as many as it believes there are cores.
 * @returns The contestant.
 */
export async function loadJax(
  { backend, threads }: LoadOptions,
): Promise<Contestant> {
  Object.defineProperty(navigator, "hardwareConcurrency", { value: threads });
  const jax: Jax = await import(packageSpecifier("jax", "@jax-js/jax"));
  await jax.init(backend);
  jax.defaultDevice(backend);
  return {
    versions: PEERS.jax.packages,
    refuses: () => undefined,
    prepare(workload, inputs) {
      switch (workload.kind) {
        case "formula":
          return prepareFormula(jax, workload, inputs);
        case "training":
          return prepareTraining(jax, workload, inputs);
        case "descent":
          return prepareDescent(jax, workload, inputs);
        default:
          return workload satisfies never;
      }
    },
  };
}
