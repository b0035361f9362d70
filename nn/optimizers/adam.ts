import { type Tensor, zeros } from "../../ops/mod.ts";
import { assertNumber } from "../check_options.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import type { Optimizer, OptimizerStep } from "./optimizer.ts";
import { entryOf } from "./entry_of.ts";

/** Options of {@linkcode Adam}, and its settings in a config. */
export interface AdamOptions {
  /**
   * Length of a step.
   *
   * @default {0.001}
   */
  readonly learningRate?: number;
  /**
   * How much of the average gradient is kept at each step.
   *
   * @default {0.9}
   */
  readonly beta1?: number;
  /**
   * How much of the average squared gradient is kept at each step.
   *
   * @default {0.999}
   */
  readonly beta2?: number;
  /**
   * What keeps the divisor away from 0.
   *
   * @default {1e-8}
   */
  readonly epsilon?: number;
  /**
   * Strength of the pull towards 0, which is added to the gradient.
   *
   * @default {0}
   */
  readonly weightDecay?: number;
}

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
export class Adam implements Optimizer {
  /** Length of a step. */
  readonly learningRate: number;
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;
  readonly #weightDecay: number;

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
    assertNumber("Adam learningRate", learningRate, { min: 0 });
    assertNumber("Adam beta1", beta1, { min: 0, below: 1 });
    assertNumber("Adam beta2", beta2, { min: 0, below: 1 });
    assertNumber("Adam epsilon", epsilon, { min: 0 });
    assertNumber("Adam weightDecay", weightDecay, { min: 0 });
    this.learningRate = learningRate;
    this.#beta1 = beta1;
    this.#beta2 = beta2;
    this.#epsilon = epsilon;
    this.#weightDecay = weightDecay;
  }

  /**
   * Makes the averages as they are before the first step: zeros.
   *
   * @param parameters The parameters by name.
   * @returns `mean.<name>` and `square.<name>` for each, and both averages of ones.
   */
  initialState(parameters: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
    const state = new Map([
      ["ones1", zeros([])],
      ["ones2", zeros([])],
    ]);
    for (const [name, { shape }] of parameters) {
      state.set(`mean.${name}`, zeros(shape));
      state.set(`square.${name}`, zeros(shape));
    }
    return state;
  }

  /**
   * Describes one step.
   *
   * @param step What it starts from.
   * @returns The new value of each parameter and average.
   */
  update(
    { parameters, gradients, state, learningRate }: OptimizerStep,
  ): Map<Tensor, Tensor> {
    const updates = new Map<Tensor, Tensor>();
    function average(name: string, keep: number, next: Tensor | number) {
      const old = entryOf(state, name);
      const share = typeof next === "number"
        ? next * (1 - keep)
        : next.mul(1 - keep);
      const value = old.mul(keep).add(share);
      updates.set(old, value);
      return value;
    }
    const ones1 = average("ones1", this.#beta1, 1);
    const ones2 = average("ones2", this.#beta2, 1);
    for (const [name, parameter] of parameters) {
      const slope = entryOf(gradients, name);
      const gradient = this.#weightDecay === 0
        ? slope
        : slope.add(parameter.mul(this.#weightDecay));
      const mean = average(`mean.${name}`, this.#beta1, gradient);
      const square = average(
        `square.${name}`,
        this.#beta2,
        gradient.mul(gradient),
      );
      const size = square.div(ones2).sqrt().add(this.#epsilon);
      const step = mean.div(ones1).div(size).mul(learningRate);
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
      learningRate: { type: "number", minimum: 0, default: 0.001 },
      beta1: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0.9 },
      beta2: {
        type: "number",
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.999,
      },
      epsilon: { type: "number", minimum: 0, default: 1e-8 },
      weightDecay: { type: "number", minimum: 0, default: 0 },
    },
  },
  create: (config) => new Adam(config),
};
