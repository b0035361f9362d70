import type { Tensor } from "../../ops/mod.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { ADAM_PROPERTIES, type AdamOptions, AdamRule } from "./adam_rule.ts";
import { entryOf } from "./entry_of.ts";
import type { OptimizerStep } from "./optimizer.ts";

/**
 * Adam: steps along the average gradient, divided by its usual size.
 *
 * `m ← β₁ m + (1 - β₁) g`, `v ← β₂ v + (1 - β₂) g²`,
 * `p ← p - η m̂ / (√v̂ + ε)` with `m̂ = m / (1 - β₁ᵗ)` and `v̂ = v / (1 - β₂ᵗ)`.
 *
 * **Numerics**: `1 - βᵗ` is kept as the same average taken of ones, so that its rounding cancels that
 * of `m` and `v`, and nothing depends on the number of steps as such.
 *
 * **Source**: Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1.
 *
 * @example One step has the length of the learning rate
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Adam } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const adam = new Adam({ learningRate: 0.1 });
 * const weight = tensor([1]);
 * const parameters = new Map([["weight", weight]]);
 * const updates = adam.update({
 *   parameters,
 *   gradients: new Map([["weight", tensor([123])]]),
 *   state: adam.initialState(parameters),
 *   learningRate: tensor(adam.learningRate),
 * });
 * assertAlmostEquals(await updates.get(weight)!.item(), 0.9, 1e-6);
 * ```
 */
export class Adam extends AdamRule {
  /**
   * Constructs a new instance.
   *
   * @param options The numbers of the rule.
   * @throws {OptionError} `INVALID_OPTION` if a number is negative or not finite, or a beta is not
   * below 1.
   */
  constructor({
    learningRate = 0.001,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    weightDecay = 0,
  }: AdamOptions = {}) {
    super("Adam", { learningRate, beta1, beta2, epsilon, weightDecay });
  }

  /**
   * Describes one step.
   *
   * @param step What it starts from.
   * @returns The new value of each parameter and average.
   */
  override update(
    { parameters, gradients, state, learningRate }: OptimizerStep,
  ): Map<Tensor, Tensor> {
    const { weightDecay } = this.settings;
    const pulled = new Map<string, Tensor>();
    for (const [name, parameter] of parameters) {
      const slope = entryOf(gradients, name);
      pulled.set(
        name,
        weightDecay === 0 ? slope : slope.add(parameter.mul(weightDecay)),
      );
    }
    const { steps, updates } = this.steps({ gradients: pulled, state });
    for (const [name, parameter] of parameters) {
      const step = entryOf(steps, name).mul(learningRate);
      updates.set(parameter, parameter.sub(step));
    }
    return updates;
  }
}

/** `adam`: {@linkcode Adam} by name. */
export const adamDefinition: ModuleDefinition<AdamOptions> = {
  type: "adam",
  displayName: "Adam",
  description: "Steps along the average gradient, divided by its usual size.",
  category: "Optimizer",
  config: {
    type: "object",
    properties: {
      ...ADAM_PROPERTIES,
      weightDecay: { type: "number", minimum: 0, default: 0 },
    },
  },
  create: (config) => new Adam(config),
  toConfig: (built) => built instanceof Adam ? built.settings : undefined,
};
