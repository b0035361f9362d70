import {
  guardFinite,
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
import { ManifoldParameter } from "./manifold_parameter.ts";
import { shorten, walk } from "./riemannian_step.ts";

/** Options of {@linkcode RiemannianSgd}, and its settings in a config. */
export interface RiemannianSgdOptions {
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
  /** Largest Riemannian length of a gradient; any if left out. */
  readonly maxNorm?: number;
}

/**
 * Stochastic gradient descent on the ball: along shortest ways, with momentum that is carried along.
 *
 * `g = (α(x)/2)² ∂L/∂x`, `m ← μ m + g`, `x⁺ = exp_x(-η m)`, and then `m` is transported from `x` to
 * `x⁺`. Parameters that are no {@linkcode ManifoldParameter} get the Euclidean rule.
 *
 * **Source**: Bonnabel, "Stochastic gradient descent on Riemannian manifolds" (2013); Bécigneul and
 * Ganea, "Riemannian adaptive optimization methods" (2019), for momentum.
 *
 * @example One step from a point
 * ```ts
 * import { assertClose } from "@spiraltorch/spiraltorch/testing";
 * import { ManifoldParameter, PoincareBall, RiemannianSgd } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const point = new ManifoldParameter(tensor([0.3, -0.1]), new PoincareBall());
 * const sgd = new RiemannianSgd({ learningRate: 0.1 });
 * const updates = sgd.update({
 *   parameters: new Map([["point", point]]),
 *   gradients: new Map([["point", tensor([0.2, -0.4])]]),
 *   state: new Map(),
 *   learningRate: tensor(0.1),
 * });
 * assertClose(await updates.get(point)!.data(), [0.2959593, -0.0918729]);
 * ```
 */
export class RiemannianSgd implements Optimizer {
  /** Length of a step. */
  readonly learningRate: number;
  readonly #momentum: number;
  readonly #maxNorm: number | undefined;

  /**
   * Constructs a new instance.
   *
   * @param options The numbers of the rule.
   * @throws {ZSpaceError} `NON_POSITIVE_LEARNING_RATE` if the learning rate is not above 0.
   * @throws {OptionError} `INVALID_OPTION` if the momentum is not from 0 and below 1, or the largest
   * length not above 0.
   */
  constructor(options?: RiemannianSgdOptions) {
    const { learningRate = 0.01, momentum = 0, maxNorm } = optionsOf(
      "RiemannianSgd",
      options,
    );
    assertPositive("NON_POSITIVE_LEARNING_RATE", "RiemannianSgd", {
      name: "learningRate",
      value: learningRate,
    });
    const checks = new OptionChecks("RiemannianSgd");
    checks.share("momentum", momentum);
    if (maxNorm !== undefined) {
      checks.number("maxNorm", maxNorm, { min: Number.MIN_VALUE });
    }
    checks.end();
    this.learningRate = learningRate;
    this.#momentum = momentum;
    this.#maxNorm = maxNorm;
  }

  /**
   * Makes the momenta as they are before the first step: zeros.
   *
   * @param parameters The parameters by name.
   * @returns `momentum.<name>` for each; nothing without momentum.
   */
  initialState(parameters: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
    assertTensors("parameters of RiemannianSgd", parameters);
    const state = new Map<string, Tensor>();
    if (this.#momentum === 0) return state;
    for (const [name, { shape }] of parameters) {
      state.set(`momentum.${name}`, zeros(shape));
    }
    return state;
  }

  /**
   * Describes one step.
   *
   * @param step What it starts from.
   * @returns The new value of each parameter and momentum; computing them fails with
   * `NON_FINITE_VALUE` if a gradient is not finite.
   */
  update(step: OptimizerStep): Map<Tensor, Tensor> {
    const { parameters, gradients, state, learningRate } = stepOf(
      "RiemannianSgd",
      step,
    );
    const updates = new Map<Tensor, Tensor>();
    for (const [name, parameter] of parameters) {
      const slope = guardFinite(entryOf(gradients, name), `slope of ${name}`);
      const ball = parameter instanceof ManifoldParameter
        ? parameter.ball
        : undefined;
      const gradient = ball
        ? shorten(ball, parameter, {
          tangent: ball.toRiemannianGradient(parameter, slope),
          maxNorm: this.#maxNorm,
        })
        : slope;
      const momentum = this.#momentum === 0
        ? undefined
        : entryOf(state, `momentum.${name}`);
      const change = momentum
        ? momentum.mul(this.#momentum).add(gradient)
        : gradient;
      const move = change.mul(learningRate).neg();
      const next = ball ? walk(ball, parameter, move) : parameter.add(move);
      updates.set(parameter, next);
      if (!momentum) continue;
      updates.set(
        momentum,
        ball ? ball.transport(parameter, next, change) : change,
      );
    }
    return updates;
  }
}

/** `riemannian_sgd`: {@linkcode RiemannianSgd} by name. */
export const riemannianSgdDefinition: ModuleDefinition<RiemannianSgdOptions> = {
  type: "riemannian_sgd",
  displayName: "Riemannian SGD",
  description: "Stochastic gradient descent along shortest ways of the ball.",
  category: "Optimizer",
  config: {
    type: "object",
    properties: {
      learningRate: { type: "number", exclusiveMinimum: 0, default: 0.01 },
      momentum: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0 },
      maxNorm: { type: "number", exclusiveMinimum: 0 },
    },
  },
  create: (config) => new RiemannianSgd(config),
};
