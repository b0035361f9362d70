import { optionsOf, type Tensor, zeros } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertTensors } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { entryOf } from "./entry_of.ts";
import type { Optimizer, OptimizerStep } from "./optimizer.ts";
import { stepOf } from "./step_of.ts";

/** Options of {@linkcode RmsProp}, and its settings in a config. */
export interface RmsPropOptions {
  /**
   * Length of a step.
   *
   * @default {0.01}
   */
  readonly learningRate?: number;
  /**
   * How much of the average squared gradient is kept at each step.
   *
   * @default {0.99}
   */
  readonly decay?: number;
  /**
   * What keeps the divisor away from 0.
   *
   * @default {1e-8}
   */
  readonly epsilon?: number;
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
 * Steps along the gradient, divided by its usual size: `v ← α v + (1 - α) g²`, `s ← μ s + g / (√v + ε)`,
 * `p ← p - η s`.
 *
 * **Source**: Tieleman, Hinton, "Lecture 6.5: rmsprop" (2012), with PyTorch's momentum.
 */
export class RmsProp implements Optimizer {
  /** Length of a step. */
  readonly learningRate: number;
  /** The numbers of the rule, with defaults filled in. */
  readonly settings: Required<RmsPropOptions>;

  /**
   * Constructs a new instance.
   *
   * @param options The numbers of the rule.
   * @throws {OptionError} `INVALID_OPTION` if a number is negative or not finite, or a share is not
   * below 1.
   */
  constructor(options?: RmsPropOptions) {
    const {
      learningRate = 0.01,
      decay = 0.99,
      epsilon = 1e-8,
      momentum = 0,
      weightDecay = 0,
    } = optionsOf("RmsProp", options);
    assertNumber("RmsProp learningRate", learningRate, { min: 0 });
    assertNumber("RmsProp decay", decay, { min: 0, below: 1 });
    assertNumber("RmsProp epsilon", epsilon, { min: 0 });
    assertNumber("RmsProp momentum", momentum, { min: 0, below: 1 });
    assertNumber("RmsProp weightDecay", weightDecay, { min: 0 });
    this.learningRate = learningRate;
    this.settings = { learningRate, decay, epsilon, momentum, weightDecay };
  }

  /**
   * Makes what is remembered as it is before the first step: zeros.
   *
   * @param parameters The parameters by name.
   * @returns `square.<name>` for each, and `step.<name>` with momentum.
   */
  initialState(parameters: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
    assertTensors("parameters of RmsProp", parameters);
    const state = new Map<string, Tensor>();
    for (const [name, { shape }] of parameters) {
      state.set(`square.${name}`, zeros(shape));
      if (this.settings.momentum !== 0) {
        state.set(`step.${name}`, zeros(shape));
      }
    }
    return state;
  }

  /**
   * Describes one step.
   *
   * @param step What it starts from.
   * @returns The new value of each parameter and of what is remembered.
   */
  update(step: OptimizerStep): Map<Tensor, Tensor> {
    const { parameters, gradients, state, learningRate } = stepOf(
      "RmsProp",
      step,
    );
    const { decay, epsilon, momentum, weightDecay } = this.settings;
    const updates = new Map<Tensor, Tensor>();
    for (const [name, parameter] of parameters) {
      const slope = entryOf(gradients, name);
      const gradient = weightDecay === 0
        ? slope
        : slope.add(parameter.mul(weightDecay));
      const old = entryOf(state, `square.${name}`);
      const square = old.mul(decay).add(gradient.mul(gradient).mul(1 - decay));
      updates.set(old, square);
      let change = gradient.div(square.sqrt().add(epsilon));
      if (momentum !== 0) {
        const last = entryOf(state, `step.${name}`);
        change = last.mul(momentum).add(change);
        updates.set(last, change);
      }
      updates.set(parameter, parameter.sub(change.mul(learningRate)));
    }
    return updates;
  }
}

/** `rms_prop`: {@linkcode RmsProp} by name. */
export const rmsPropDefinition: ModuleDefinition<RmsPropOptions> = {
  type: "rms_prop",
  displayName: "RMSProp",
  description: "Steps along the gradient, divided by its usual size.",
  category: "Optimizer",
  config: {
    type: "object",
    properties: {
      learningRate: { type: "number", minimum: 0, default: 0.01 },
      decay: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0.99 },
      epsilon: { type: "number", minimum: 0, default: 1e-8 },
      momentum: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0 },
      weightDecay: { type: "number", minimum: 0, default: 0 },
    },
  },
  create: (config) => new RmsProp(config),
  toConfig: (built) => built instanceof RmsProp ? built.settings : undefined,
};
