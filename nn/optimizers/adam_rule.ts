import type { JsonObject } from "../../core/base/mod.ts";
import { optionsOf, type Tensor, zeros } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertTensors } from "../check/assert_tensor.ts";
import { assertText } from "../check/assert_text.ts";
import { entryOf } from "./entry_of.ts";
import type { Optimizer, OptimizerStep } from "./optimizer.ts";
import { stepOf } from "./step_of.ts";

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

/** What tells Adam and AdamW apart. */
export interface AdamVariant {
  /** Name of the optimizer, for errors. */
  readonly name: string;
  /** Strength of the pull towards 0 if it is left out. */
  readonly weightDecay: number;
  /** Whether the pull goes straight to the parameters, and not through the averages. */
  readonly isDecoupled: boolean;
}

/**
 * Writes {@linkcode AdamOptions} as JSON Schema.
 *
 * @param weightDecay Strength of the pull towards 0 if it is left out.
 * @returns The schema.
 */
export function adamSchema(weightDecay: number): JsonObject {
  const share = { type: "number", minimum: 0, exclusiveMaximum: 1 };
  return {
    type: "object",
    properties: {
      learningRate: { type: "number", minimum: 0, default: 0.001 },
      beta1: { ...share, default: 0.9 },
      beta2: { ...share, default: 0.999 },
      epsilon: { type: "number", minimum: 0, default: 1e-8 },
      weightDecay: { type: "number", minimum: 0, default: weightDecay },
    },
  };
}

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
  readonly #name: string;
  readonly #isDecoupled: boolean;

  /**
   * Constructs a new instance.
   *
   * @param options The numbers of the rule.
   * @param variant Which of both it is.
   * @throws {OptionError} `INVALID_OPTION` if a number is negative or not finite, or a beta is not
   * below 1.
   */
  constructor(options: AdamOptions | undefined, variant: AdamVariant) {
    const { name, isDecoupled, weightDecay: pull } = optionsOf(
      "AdamRule",
      variant,
    );
    assertText("name of an AdamRule", name);
    const {
      learningRate = 0.001,
      beta1 = 0.9,
      beta2 = 0.999,
      epsilon = 1e-8,
      weightDecay = pull,
    } = optionsOf(name, options);
    assertNumber(`${name} learningRate`, learningRate, { min: 0 });
    assertNumber(`${name} beta1`, beta1, { min: 0, below: 1 });
    assertNumber(`${name} beta2`, beta2, { min: 0, below: 1 });
    assertNumber(`${name} epsilon`, epsilon, { min: 0 });
    assertNumber(`${name} weightDecay`, weightDecay, { min: 0 });
    this.learningRate = learningRate;
    this.settings = { learningRate, beta1, beta2, epsilon, weightDecay };
    this.#name = name;
    this.#isDecoupled = isDecoupled;
  }

  /**
   * Makes the averages as they are before the first step: zeros.
   *
   * @param parameters The parameters by name.
   * @returns `mean.<name>` and `square.<name>` for each, and both averages of ones.
   */
  initialState(parameters: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
    assertTensors(`parameters of ${this.#name}`, parameters);
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
  update(step: OptimizerStep): Map<Tensor, Tensor> {
    const { parameters, gradients, learningRate } = stepOf(this.#name, step);
    const slopes = new Map(
      Array.from(parameters, ([name, parameter]) => {
        const slope = entryOf(gradients, name);
        return [
          name,
          this.#isDecoupled ? slope : this.#pulled(slope, parameter),
        ];
      }),
    );
    const { steps, updates } = this.#average(slopes, step.state);
    for (const [name, parameter] of parameters) {
      const own = entryOf(steps, name);
      const change = this.#isDecoupled ? this.#pulled(own, parameter) : own;
      updates.set(parameter, parameter.sub(change.mul(learningRate)));
    }
    return updates;
  }

  #pulled(slope: Tensor, parameter: Tensor): Tensor {
    const { weightDecay } = this.settings;
    return weightDecay === 0 ? slope : slope.add(parameter.mul(weightDecay));
  }

  /** How averages follow from gradients, and steps from averages, for a learning rate of 1. */
  #average(
    gradients: ReadonlyMap<string, Tensor>,
    state: ReadonlyMap<string, Tensor>,
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
