import { optionsOf, type Tensor, zeros } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertTensors } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { entryOf } from "./entry_of.ts";
import type { Optimizer, OptimizerStep } from "./optimizer.ts";
import { stepOf } from "./step_of.ts";

/** Options of {@linkcode Lion}, and its settings in a config. */
export interface LionOptions {
  /**
   * Length of a step: three to ten times shorter than Adam's.
   *
   * @default {0.0001}
   */
  readonly learningRate?: number;
  /**
   * How much of the average gradient counts for a step.
   *
   * @default {0.9}
   */
  readonly beta1?: number;
  /**
   * How much of the average gradient is kept at each step.
   *
   * @default {0.99}
   */
  readonly beta2?: number;
  /**
   * Strength of the pull towards 0.
   *
   * @default {0}
   */
  readonly weightDecay?: number;
}

/**
 * Steps of equal length along the sign of the average gradient:
 * `p ← p - η (sign(β₁ m + (1 - β₁) g) + λ p)`, `m ← β₂ m + (1 - β₂) g`.
 *
 * **Source**: Chen et al., "Symbolic discovery of optimization algorithms" (2023), algorithm 2.
 */
export class Lion implements Optimizer {
  /** Length of a step. */
  readonly learningRate: number;
  /** The numbers of the rule, with defaults filled in. */
  readonly settings: Required<LionOptions>;

  /**
   * Constructs a new instance.
   *
   * @param options The numbers of the rule.
   * @throws {OptionError} `INVALID_OPTION` if a number is negative or not finite, or a beta is not
   * below 1.
   */
  constructor(options?: LionOptions) {
    const {
      learningRate = 0.0001,
      beta1 = 0.9,
      beta2 = 0.99,
      weightDecay = 0,
    } = optionsOf("Lion", options);
    assertNumber("Lion learningRate", learningRate, { min: 0 });
    assertNumber("Lion beta1", beta1, { min: 0, below: 1 });
    assertNumber("Lion beta2", beta2, { min: 0, below: 1 });
    assertNumber("Lion weightDecay", weightDecay, { min: 0 });
    this.learningRate = learningRate;
    this.settings = { learningRate, beta1, beta2, weightDecay };
  }

  /**
   * Makes the averages as they are before the first step: zeros.
   *
   * @param parameters The parameters by name.
   * @returns `mean.<name>` for each.
   */
  initialState(parameters: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
    assertTensors("parameters of Lion", parameters);
    return new Map(
      [...parameters].map((
        [name, { shape }],
      ) => [`mean.${name}`, zeros(shape)]),
    );
  }

  /**
   * Describes one step.
   *
   * @param step What it starts from.
   * @returns The new value of each parameter and average.
   */
  update(step: OptimizerStep): Map<Tensor, Tensor> {
    const { parameters, gradients, state, learningRate } = stepOf("Lion", step);
    const { beta1, beta2, weightDecay } = this.settings;
    const updates = new Map<Tensor, Tensor>();
    for (const [name, parameter] of parameters) {
      const gradient = entryOf(gradients, name);
      const mean = entryOf(state, `mean.${name}`);
      const direction = mean.mul(beta1).add(gradient.mul(1 - beta1)).sign();
      const change = direction.add(parameter.mul(weightDecay));
      updates.set(mean, mean.mul(beta2).add(gradient.mul(1 - beta2)));
      updates.set(parameter, parameter.sub(change.mul(learningRate)));
    }
    return updates;
  }
}

/** `lion`: {@linkcode Lion} by name. */
export const lionDefinition: ModuleDefinition<LionOptions> = {
  type: "lion",
  displayName: "Lion",
  description: "Steps of equal length along the sign of the average gradient.",
  category: "Optimizer",
  config: {
    type: "object",
    properties: {
      learningRate: { type: "number", minimum: 0, default: 0.0001 },
      beta1: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0.9 },
      beta2: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0.99 },
      weightDecay: { type: "number", minimum: 0, default: 0 },
    },
  },
  create: (config) => new Lion(config),
  toConfig: (built) => built instanceof Lion ? built.settings : undefined,
};
