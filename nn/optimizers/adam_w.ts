import type { Tensor } from "../../ops/mod.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { ADAM_PROPERTIES, type AdamOptions, AdamRule } from "./adam_rule.ts";
import { entryOf } from "./entry_of.ts";
import type { OptimizerStep } from "./optimizer.ts";

/**
 * Adam whose pull towards 0 does not go through the averages: `p ← (1 - η λ) p - η m̂ / (√v̂ + ε)`.
 *
 * **Source**: Loshchilov, Hutter, "Decoupled weight decay regularization" (2019), algorithm 2, with
 * PyTorch's place for the learning rate.
 */
export class AdamW extends AdamRule {
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
    weightDecay = 0.01,
  }: AdamOptions = {}) {
    super("AdamW", { learningRate, beta1, beta2, epsilon, weightDecay });
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
    const slopes = new Map(
      [...parameters.keys()].map((name) => [name, entryOf(gradients, name)]),
    );
    const { steps, updates } = this.steps({ gradients: slopes, state });
    const { weightDecay } = this.settings;
    for (const [name, parameter] of parameters) {
      const step = entryOf(steps, name).add(parameter.mul(weightDecay));
      updates.set(parameter, parameter.sub(step.mul(learningRate)));
    }
    return updates;
  }
}

/** `adam_w`: {@linkcode AdamW} by name. */
export const adamWDefinition: ModuleDefinition<AdamOptions> = {
  type: "adam_w",
  displayName: "AdamW",
  description: "Adam whose pull towards 0 does not go through the averages.",
  category: "Optimizer",
  config: {
    type: "object",
    properties: {
      ...ADAM_PROPERTIES,
      weightDecay: { type: "number", minimum: 0, default: 0.01 },
    },
  },
  create: (config) => new AdamW(config),
  toConfig: (built) => built instanceof AdamW ? built.settings : undefined,
};
