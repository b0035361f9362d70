import { optionsOf, type Tensor, zeros } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertTensors } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { entryOf } from "./entry_of.ts";
import type { Optimizer, OptimizerStep } from "./optimizer.ts";
import { stepOf } from "./step_of.ts";

/** Options of {@linkcode Sgd}, and its settings in a config. */
export interface SgdOptions {
  /**
   * Length of a step.
   *
   * @default {0.01}
   */
  readonly learningRate?: number;
  /**
   * How much of the last step is kept.
   *
   * @default {0}
   */
  readonly momentum?: number;
  /**
   * Strength of the pull towards 0, which is added to the gradient.
   *
   * @default {0}
   */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent with momentum: `v ← μ v + g`, `p ← p - η v`.
 *
 * **Source**: Sutskever et al., "On the importance of initialization and momentum in deep learning"
 * (2013), with PyTorch's place for the learning rate.
 */
export class Sgd implements Optimizer {
  /** Length of a step. */
  readonly learningRate: number;
  /** The numbers of the rule, with defaults filled in. */
  readonly settings: Required<SgdOptions>;

  /**
   * Constructs a new instance.
   *
   * @param options The numbers of the rule.
   * @throws {OptionError} `INVALID_OPTION` if a number is negative or not finite, or the momentum is
   * not below 1.
   */
  constructor(options?: SgdOptions) {
    const { learningRate = 0.01, momentum = 0, weightDecay = 0 } = optionsOf(
      "Sgd",
      options,
    );
    assertNumber("Sgd learningRate", learningRate, { min: 0 });
    assertNumber("Sgd momentum", momentum, { min: 0, below: 1 });
    assertNumber("Sgd weightDecay", weightDecay, { min: 0 });
    this.learningRate = learningRate;
    this.settings = { learningRate, momentum, weightDecay };
  }

  /**
   * Makes the velocities as they are before the first step: zeros.
   *
   * @param parameters The parameters by name.
   * @returns `velocity.<name>` for each; nothing without momentum.
   */
  initialState(parameters: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
    assertTensors("parameters of Sgd", parameters);
    const state = new Map<string, Tensor>();
    if (this.settings.momentum === 0) return state;
    for (const [name, { shape }] of parameters) {
      state.set(`velocity.${name}`, zeros(shape));
    }
    return state;
  }

  /**
   * Describes one step.
   *
   * @param step What it starts from.
   * @returns The new value of each parameter and velocity.
   */
  update(step: OptimizerStep): Map<Tensor, Tensor> {
    const { parameters, gradients, state, learningRate } = stepOf("Sgd", step);
    const { momentum, weightDecay } = this.settings;
    const updates = new Map<Tensor, Tensor>();
    for (const [name, parameter] of parameters) {
      let change = entryOf(gradients, name);
      if (weightDecay !== 0) {
        change = change.add(parameter.mul(weightDecay));
      }
      if (momentum !== 0) {
        const velocity = entryOf(state, `velocity.${name}`);
        change = velocity.mul(momentum).add(change);
        updates.set(velocity, change);
      }
      updates.set(parameter, parameter.sub(change.mul(learningRate)));
    }
    return updates;
  }
}

/** `sgd`: {@linkcode Sgd} by name. */
export const sgdDefinition: ModuleDefinition<SgdOptions> = {
  type: "sgd",
  displayName: "SGD",
  description: "Stochastic gradient descent with momentum.",
  category: "Optimizer",
  config: {
    type: "object",
    properties: {
      learningRate: { type: "number", minimum: 0, default: 0.01 },
      momentum: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0 },
      weightDecay: { type: "number", minimum: 0, default: 0 },
    },
  },
  create: (config) => new Sgd(config),
  toConfig: (built) => built instanceof Sgd ? built.settings : undefined,
};
