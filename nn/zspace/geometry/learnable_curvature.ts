import { optionsOf, type Tensor, tensor } from "../../../ops/mod.ts";
import { Module } from "../../module.ts";
import { Parameter } from "../../parameter.ts";
import { magnitudeOf } from "./curvature.ts";

/**
 * A curvature that training changes: `c = -exp(logMagnitude)`, below 0 whatever is learned.
 *
 * Make the ball anew in each forward pass, from `forward()`: a ball holds the curvature as it was then.
 *
 * @example The curvature has a gradient
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { LearnableCurvature, PoincareBall } from "@spiraltorch/spiraltorch/nn";
 * import { gradients, tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const learned = new LearnableCurvature({ initial: -4 });
 * const ball = new PoincareBall({ curvature: learned.forward() });
 * const length = ball.distance(tensor([0.1, 0]), tensor([0, 0.2])).sum();
 * const [slope] = gradients(length, [learned.logMagnitude]);
 * assertAlmostEquals(await slope!.item(), 0.03492, 1e-5);
 * ```
 */
export class LearnableCurvature extends Module {
  /** Logarithm of minus the curvature, a scalar. */
  readonly logMagnitude: Parameter;

  /**
   * Constructs a new instance.
   *
   * @param options The curvature to begin with.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if it is no finite number below 0.
   */
  constructor(options?: { readonly initial?: number }) {
    super();
    const { initial = -1 } = optionsOf("LearnableCurvature", options);
    const magnitude = magnitudeOf("a learnable curvature", initial);
    this.logMagnitude = new Parameter(tensor(Math.log(magnitude)));
  }

  /**
   * Describes the curvature.
   *
   * @returns A scalar below 0.
   */
  override forward(): Tensor {
    return this.logMagnitude.exp().neg();
  }
}
