import { optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { assertOptimizer } from "./assert_optimizer.ts";
import { entryOf } from "./entry_of.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of {@linkcode averageWeights}. */
export interface AverageWeightsOptions {
  /**
   * How much of the average is kept at each step.
   *
   * @default {0.999}
   */
  readonly decay?: number;
}

/** An optimizer that also keeps averages of the parameters. */
export interface AveragingOptimizer extends Optimizer {
  /**
   * Finds the averages of the parameters, as far as steps were taken.
   *
   * @returns Tensors by the parameters' names, for `loadStateDict` with `strict: false`; none before
   * training began. They go when the trainer is disposed.
   */
  averages(): Map<string, Tensor>;
}

/**
 * Makes an optimizer that keeps an average of each parameter over its steps, which often is better than
 * the last value.
 *
 * **Numerics**: `a ← d a + (1 - d) p` after each step, from the value before the first.
 *
 * **Source**: Polyak, Juditsky, "Acceleration of stochastic approximation by averaging" (1992), with the
 * moving average of Kingma, Ba, "Adam" (2014), §7.2.
 *
 * @example Averages by name
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { averageWeights, Sgd } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const optimizer = averageWeights(new Sgd(), { decay: 0.99 });
 * optimizer.initialState(new Map([["weight", ones([2])]]));
 * assertEquals([...optimizer.averages().keys()], ["weight"]);
 * ```
 *
 * @param optimizer What takes the steps.
 * @param options How much of the average is kept.
 * @returns The optimizer. It remembers the averages of one training at a time.
 * @throws {OptionError} `INVALID_OPTION` if there is no optimizer, or the share is not from 0 below 1.
 */
export function averageWeights(
  optimizer: Optimizer,
  options?: AverageWeightsOptions,
): AveragingOptimizer {
  const { decay = 0.999 } = optionsOf("averageWeights", options);
  assertOptimizer("averageWeights", optimizer);
  assertNumber("averageWeights decay", decay, { min: 0, below: 1 });
  const averages = new Map<string, Tensor>();
  return {
    learningRate: optimizer.learningRate,
    initialState(parameters) {
      const state = optimizer.initialState(parameters);
      averages.clear();
      for (const [name, parameter] of parameters) {
        const start = parameter.mul(1);
        averages.set(name, start);
        state.set(`average.${name}`, start);
      }
      return state;
    },
    update(step) {
      const updates = optimizer.update(step);
      for (const [name, parameter] of step.parameters) {
        const average = entryOf(step.state, `average.${name}`);
        const next = updates.get(parameter) ?? parameter;
        updates.set(
          average,
          average.mul(decay).add(next.mul(1 - decay)),
        );
      }
      return updates;
    },
    averages: () => new Map(averages),
  };
}

/** `average_weights`: {@linkcode averageWeights} by name. */
export const averageWeightsDefinition: ModuleDefinition<AverageWeightsOptions> =
  {
    type: "average_weights",
    displayName: "averageWeights",
    description: "Keeps an average of each parameter over its steps.",
    category: "OptimizerWrapper",
    config: {
      type: "object",
      properties: {
        decay: {
          type: "number",
          minimum: 0,
          exclusiveMaximum: 1,
          default: 0.999,
        },
      },
    },
    create: (config) => (optimizer: Optimizer) =>
      averageWeights(optimizer, config),
  };
