import { type Tensor, zeros } from "../../ops/mod.ts";
import { assertCount } from "../check/assert_number.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { assertOptimizer } from "./assert_optimizer.ts";
import { entryOf } from "./entry_of.ts";
import type { Optimizer, OptimizerStep } from "./optimizer.ts";

/** Name of how many batches have been added up. */
const COUNT = "accumulated";

/**
 * Makes an optimizer that takes one step for several batches, along the mean of their gradients: a large
 * batch in the memory of a small one.
 *
 * **Cost**: memory for one more copy of the parameters. What the step would be is computed for each batch,
 * and kept at the last of them.
 *
 * @example Two batches, one step
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { accumulateGradients, Sgd } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const optimizer = accumulateGradients(new Sgd({ learningRate: 1 }), 2);
 * const parameters = new Map([["weight", tensor([0])]]);
 * assertEquals([...optimizer.initialState(parameters).keys()], [
 *   "accumulated",
 *   "accumulated.weight",
 * ]);
 * ```
 *
 * @param optimizer What takes the steps.
 * @param batches How many batches there are to a step.
 * @returns The optimizer.
 * @throws {OptionError} `INVALID_OPTION` if there is no optimizer, or that is no whole number above 0.
 */
export function accumulateGradients(
  optimizer: Optimizer,
  batches: number,
): Optimizer {
  assertOptimizer("accumulateGradients", optimizer);
  assertCount("accumulateGradients batches", batches);
  return {
    learningRate: optimizer.learningRate,
    initialState(parameters) {
      const state = optimizer.initialState(parameters);
      state.set(COUNT, zeros([]));
      for (const [name, { shape }] of parameters) {
        state.set(`${COUNT}.${name}`, zeros(shape));
      }
      return state;
    },
    update: (step) => accumulated(optimizer, batches, step),
  };
}

function accumulated(
  optimizer: Optimizer,
  batches: number,
  step: OptimizerStep,
): Map<Tensor, Tensor> {
  const { state } = step;
  const count = entryOf(state, COUNT).add(1);
  const isDue = count.greaterOrEqual(batches);
  const sums = new Map(
    [...step.parameters.keys()].map((name) => {
      const slope = entryOf(step.gradients, name);
      return [name, entryOf(state, `${COUNT}.${name}`).add(slope)];
    }),
  );
  const gradients = new Map(
    [...sums].map(([name, sum]) => [name, sum.div(batches)]),
  );
  const updates = new Map(
    [...optimizer.update({ ...step, gradients })].map((
      [old, value],
    ) => [old, isDue.where(value, old)]),
  );
  updates.set(entryOf(state, COUNT), isDue.where(0, count));
  for (const [name, sum] of sums) {
    updates.set(entryOf(state, `${COUNT}.${name}`), isDue.where(0, sum));
  }
  return updates;
}

/** Settings of {@linkcode accumulateGradients} in a config. */
export interface AccumulateConfig {
  /** How many batches there are to a step. */
  readonly batches: number;
}

/** `accumulate_gradients`: {@linkcode accumulateGradients} by name. */
export const accumulateGradientsDefinition: ModuleDefinition<AccumulateConfig> =
  {
    type: "accumulate_gradients",
    displayName: "accumulateGradients",
    description:
      "Takes one step for several batches, along the mean of their gradients.",
    category: "OptimizerWrapper",
    config: {
      type: "object",
      properties: {
        batches: { type: "integer", minimum: 1 },
      },
      required: ["batches"],
    },
    create: ({ batches }) => (optimizer: Optimizer) =>
      accumulateGradients(optimizer, batches),
  };
