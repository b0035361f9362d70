import { type Tensor, zeros } from "../../ops/mod.ts";
import { assertNumber } from "../check_options.ts";
import { entryOf } from "./entry_of.ts";
import type { Optimizer, OptimizerStep } from "./optimizer.ts";

/** Options of {@linkcode Adam} and {@linkcode AdamW}, and their settings in a config. */
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
  /** Strength of the pull towards 0: 0 for Adam, 0.01 for AdamW if left out. */
  readonly weightDecay?: number;
}

/** {@linkcode AdamOptions} as JSON Schema, but for the weight decay. */
export const ADAM_PROPERTIES = {
  learningRate: { type: "number", minimum: 0, default: 0.001 },
  beta1: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0.9 },
  beta2: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0.999 },
  epsilon: { type: "number", minimum: 0, default: 1e-8 },
} as const;

/**
 * What Adam and AdamW have in common: steps along the average gradient, divided by its usual size.
 *
 * **Numerics**: `1 - βᵗ` is kept as the same average taken of ones, so that its rounding cancels that
 * of `m` and `v`, and nothing depends on the number of steps as such.
 */
export abstract class AdamRule implements Optimizer {
  /** Length of a step. */
  readonly learningRate: number;
  /** The numbers of the rule, with defaults filled in. */
  readonly settings: Required<AdamOptions>;

  /**
   * Constructs a new instance.
   *
   * @param name Name of the optimizer, for errors.
   * @param settings The numbers of the rule.
   * @throws {OptionError} `INVALID_OPTION` if a number is negative or not finite, or a beta is not
   * below 1.
   */
  constructor(name: string, settings: Required<AdamOptions>) {
    const { learningRate, beta1, beta2, epsilon, weightDecay } = settings;
    assertNumber(`${name} learningRate`, learningRate, { min: 0 });
    assertNumber(`${name} beta1`, beta1, { min: 0, below: 1 });
    assertNumber(`${name} beta2`, beta2, { min: 0, below: 1 });
    assertNumber(`${name} epsilon`, epsilon, { min: 0 });
    assertNumber(`${name} weightDecay`, weightDecay, { min: 0 });
    this.learningRate = learningRate;
    this.settings = settings;
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
  abstract update(step: OptimizerStep): Map<Tensor, Tensor>;

  /**
   * Describes how averages follow from gradients, and steps from averages.
   *
   * @param step The gradients, and what the optimizer remembers.
   * @returns The step of each parameter for a learning rate of 1, and the new averages.
   */
  protected steps(
    { gradients, state }: Pick<OptimizerStep, "gradients" | "state">,
  ): {
    readonly steps: Map<string, Tensor>;
    readonly updates: Map<Tensor, Tensor>;
  } {
    const { beta1, beta2, epsilon } = this.settings;
    const updates = new Map<Tensor, Tensor>();
    const steps = new Map<string, Tensor>();
    function average(name: string, keep: number, next: Tensor | number) {
      const old = entryOf(state, name);
      const share = typeof next === "number"
        ? next * (1 - keep)
        : next.mul(1 - keep);
      const value = old.mul(keep).add(share);
      updates.set(old, value);
      return value;
    }
    const ones1 = average("ones1", beta1, 1);
    const ones2 = average("ones2", beta2, 1);
    for (const [name, gradient] of gradients) {
      const mean = average(`mean.${name}`, beta1, gradient);
      const square = average(`square.${name}`, beta2, gradient.mul(gradient));
      const size = square.div(ones2).sqrt().add(epsilon);
      steps.set(name, mean.div(ones1).div(size));
    }
    return { steps, updates };
  }
}
