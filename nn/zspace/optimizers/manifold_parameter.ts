import type { Tensor } from "../../../ops/mod.ts";
import type { PoincareBall } from "../geometry/poincare_ball.ts";
import { Parameter, type ParameterOptions } from "../../parameter.ts";

/**
 * A parameter whose last axis holds points of a ball. Riemannian optimizers keep them inside it; to
 * others it is a parameter like any other.
 */
export class ManifoldParameter extends Parameter {
  /** The ball. */
  readonly ball: PoincareBall;

  /**
   * Constructs a new instance, which takes the tensor over.
   *
   * @param value The points, `[..., d]`.
   * @param ball The ball they lie in.
   * @param options Whether training changes them.
   */
  constructor(value: Tensor, ball: PoincareBall, options?: ParameterOptions) {
    super(value, options);
    this.ball = ball;
  }
}
