import {
  guardFinite,
  ones,
  optionsOf,
  type Tensor,
  zeros,
} from "../../../ops/mod.ts";
import { assertTensors } from "../../check/assert_tensor.ts";
import type { ModuleDefinition } from "../../discovery/definition.ts";
import { entryOf } from "../../optimizers/entry_of.ts";
import type { Optimizer, OptimizerStep } from "../../optimizers/optimizer.ts";
import { stepOf } from "../../optimizers/step_of.ts";
import { OptionChecks } from "../check_options.ts";
import { assertPositive } from "../errors.ts";
import type { PoincareBall } from "../geometry/poincare_ball.ts";
import { ManifoldParameter } from "./manifold_parameter.ts";
import { walk } from "./riemannian_step.ts";

/** Options of {@linkcode RiemannianAdam}, and its settings in a config. */
export interface RiemannianAdamOptions {
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
   * How much of the average squared length is kept at each step.
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
   * Whether the divisor never becomes smaller.
   *
   * @default {false}
   */
  readonly amsgrad?: boolean;
}

/**
 * Adam on the ball: along the average gradient, which is carried along, divided by its usual Riemannian
 * length, one number a point.
 *
 * `m ← β₁ m + (1 - β₁) g`, `v ← β₂ v + (1 - β₂) λ²‖g‖²`, `x⁺ = exp_x(-η m̂ / (√v̂ + ε))`, and then `m`
 * is transported from `x` to `x⁺`. Parameters that are no {@linkcode ManifoldParameter} get the
 * Euclidean rule, one number an element.
 *
 * **Source**: Bécigneul and Ganea, "Riemannian adaptive optimization methods" (2019), algorithm 1.
 */
export class RiemannianAdam implements Optimizer {
  /** Length of a step. */
  readonly learningRate: number;
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;
  readonly #amsgrad: boolean;

  /**
   * Constructs a new instance.
   *
   * @param options The numbers of the rule.
   * @throws {ZSpaceError} `NON_POSITIVE_LEARNING_RATE` if the learning rate is not above 0.
   * @throws {OptionError} `INVALID_OPTION` if another number is out of its range.
   */
  constructor(options?: RiemannianAdamOptions) {
    const {
      learningRate = 0.001,
      beta1 = 0.9,
      beta2 = 0.999,
      epsilon = 1e-8,
      amsgrad = false,
    } = optionsOf("RiemannianAdam", options);
    assertPositive("NON_POSITIVE_LEARNING_RATE", "RiemannianAdam", {
      name: "learningRate",
      value: learningRate,
    });
    const checks = new OptionChecks("RiemannianAdam");
    checks.share("beta1", beta1);
    checks.share("beta2", beta2);
    checks.number("epsilon", epsilon, { min: 0 });
    checks.oneOf("amsgrad", amsgrad, [true, false]);
    checks.end();
    this.learningRate = learningRate;
    this.#beta1 = beta1;
    this.#beta2 = beta2;
    this.#epsilon = epsilon;
    this.#amsgrad = amsgrad;
  }

  /**
   * Makes the averages as they are before the first step: zeros.
   *
   * @param parameters The parameters by name.
   * @returns `mean.<name>` and `square.<name>` for each, and both averages of ones; `largest.<name>`
   * with `amsgrad`.
   */
  initialState(parameters: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
    assertTensors("parameters of RiemannianAdam", parameters);
    const state = new Map([["ones1", zeros([])], ["ones2", zeros([])]]);
    for (const [name, parameter] of parameters) {
      const { shape } = parameter;
      const one = parameter instanceof ManifoldParameter
        ? [...shape.slice(0, -1), 1]
        : shape;
      state.set(`mean.${name}`, zeros(shape));
      state.set(`square.${name}`, zeros(one));
      if (this.#amsgrad) state.set(`largest.${name}`, zeros(one));
    }
    return state;
  }

  /**
   * Describes one step.
   *
   * @param step What it starts from.
   * @returns The new value of each parameter and average; computing them fails with
   * `NON_FINITE_VALUE` if a gradient is not finite.
   */
  update(step: OptimizerStep): Map<Tensor, Tensor> {
    const { parameters, gradients, state, learningRate } = stepOf(
      "RiemannianAdam",
      step,
    );
    const updates = new Map<Tensor, Tensor>();
    function average(name: string, keep: number, next: Tensor): Tensor {
      const old = entryOf(state, name);
      const value = old.mul(keep).add(next.mul(1 - keep));
      updates.set(old, value);
      return value;
    }
    const one = ones([]);
    const ones1 = average("ones1", this.#beta1, one);
    const ones2 = average("ones2", this.#beta2, one);
    for (const [name, parameter] of parameters) {
      const slope = guardFinite(entryOf(gradients, name), `slope of ${name}`);
      const ball = parameter instanceof ManifoldParameter
        ? parameter.ball
        : undefined;
      const gradient = ball
        ? ball.toRiemannianGradient(parameter, slope)
        : slope;
      const length = squared(ball, parameter, gradient);
      const mean = average(`mean.${name}`, this.#beta1, gradient);
      const square = average(`square.${name}`, this.#beta2, length).div(ones2);
      const largest = this.#largest(name, square, { state, updates });
      const move = mean.div(ones1).div(largest.sqrt().add(this.#epsilon))
        .mul(learningRate).neg();
      const next = ball ? walk(ball, parameter, move) : parameter.add(move);
      updates.set(parameter, next);
      if (!ball) continue;
      const carried = ball.transport(parameter, next, mean);
      updates.set(entryOf(state, `mean.${name}`), carried);
    }
    return updates;
  }

  #largest(
    name: string,
    square: Tensor,
    { state, updates }: {
      readonly state: ReadonlyMap<string, Tensor>;
      readonly updates: Map<Tensor, Tensor>;
    },
  ): Tensor {
    if (!this.#amsgrad) return square;
    const old = entryOf(state, `largest.${name}`);
    const largest = old.maximum(square);
    updates.set(old, largest);
    return largest;
  }
}

/** Squared Riemannian lengths, one a point; squares of elements outside balls. */
function squared(
  ball: PoincareBall | undefined,
  x: Tensor,
  gradient: Tensor,
): Tensor {
  return ball ? ball.inner(x, gradient, gradient) : gradient.mul(gradient);
}

/** `riemannian_adam`: {@linkcode RiemannianAdam} by name. */
export const riemannianAdamDefinition: ModuleDefinition<RiemannianAdamOptions> =
  {
    type: "riemannian_adam",
    displayName: "Riemannian Adam",
    description: "Adam along shortest ways of the ball.",
    category: "Optimizer",
    config: {
      type: "object",
      properties: {
        learningRate: { type: "number", exclusiveMinimum: 0, default: 0.001 },
        beta1: {
          type: "number",
          minimum: 0,
          exclusiveMaximum: 1,
          default: 0.9,
        },
        beta2: {
          type: "number",
          minimum: 0,
          exclusiveMaximum: 1,
          default: 0.999,
        },
        epsilon: { type: "number", minimum: 0, default: 1e-8 },
        amsgrad: { type: "boolean", default: false },
      },
    },
    create: (config) => new RiemannianAdam(config),
  };
