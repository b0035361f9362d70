import { descentFound } from "../oracle/descent.ts";
import type { DescentWorkload } from "../workload.ts";
import type { Prepared } from "./contestant.ts";
import {
  applySteps,
  type Arrays,
  type Jax,
  type JaxArray,
} from "./jax_steps.ts";

/** The loss of a result, with the targets if it has any; both are consumed. */
function lossOf(
  { numpy, nn }: Jax,
  result: JaxArray,
  targets: JaxArray | undefined,
): JaxArray {
  const { shape } = result;
  if (targets) {
    return numpy.sum(nn.logSoftmax(result, -1).mul(targets))
      .mul(-1 / shape[0]!);
  }
  const size = shape.reduce((product, length) => product * length, 1);
  return numpy.sum(result.ref.mul(result)).mul(0.5 / size);
}

/**
 * Makes a descent ready.
 *
 * @param jax The library.
 * @param workload The descent.
 * @param elements Elements of its inputs.
 * @returns What runs it.
 */
export async function prepareDescent(
  jax: Jax,
  workload: DescentWorkload,
  elements: readonly Float32Array[],
): Promise<Prepared> {
  const { inputs, learned, learningRate } = workload;
  const hasTargets = workload.loss === "crossEntropy";
  const fixed = inputs.map((_, i) => i).filter((i) => !learned.includes(i));
  const slopesOf = jax.valueAndGrad((parameters, ...others) => {
    const values = inputs.map((_, i) =>
      parameters[learned.indexOf(i)] ?? others[fixed.indexOf(i)]!
    );
    const targets = hasTargets ? values.at(-1) : undefined;
    return lossOf(jax, applySteps(jax, workload, values), targets);
  });
  const compiled = jax.jit((...arrays) => {
    const state = arrays.slice(0, learned.length);
    const others = arrays.slice(learned.length);
    const [loss, slopes] = slopesOf(state.map(({ ref }) => ref), ...others);
    return [
      loss,
      ...state.map((each, i) => each.sub(slopes[i]!.mul(learningRate))),
    ];
  });
  function load(i: number): JaxArray {
    return jax.numpy.array(elements[i]!).reshape(inputs[i]!.shape);
  }
  const others = fixed.map(load);
  let state: Arrays = learned.map(load);
  let before: Arrays = [];
  let loss: JaxArray | undefined;
  await jax.blockUntilReady([...others, ...state]);
  return {
    async run() {
      for (const each of [...before, ...loss ? [loss] : []]) each.dispose();
      before = state;
      [loss, ...state] = compiled(
        ...before.map(({ ref }) => ref),
        ...others.map(({ ref }) => ref),
      );
      await jax.blockUntilReady([loss!, ...state]);
    },
    async read() {
      const [from, to] = await Promise.all(
        [before, state].map((arrays) =>
          Promise.all(arrays.map(({ ref }) => ref.data()))
        ),
      ) as [Float32Array[], Float32Array[]];
      const [value] = await loss!.ref.data();
      return descentFound(workload, { loss: value!, before: from, after: to });
    },
    [Symbol.dispose]() {
      for (const each of [...before, ...state, ...others]) each.dispose();
      loss?.dispose();
    },
  };
}
