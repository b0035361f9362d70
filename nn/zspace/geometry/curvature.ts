import type { Tensor } from "../../../ops/mod.ts";
import { nonHyperbolicCurvature } from "../errors.ts";

/**
 * Reads a curvature.
 *
 * @param owner What has it, `a Poincaré ball`.
 * @param curvature A number below 0, or a tensor of one.
 * @returns Minus the curvature.
 * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if it is no such number, nor a tensor of one element.
 */
export function magnitudeOf<Curvature extends number | Tensor>(
  owner: string,
  curvature: Curvature,
): Curvature {
  if (typeof curvature === "number") {
    if (Number.isFinite(curvature) && curvature < 0) {
      return -curvature as Curvature;
    }
  } else if (curvature?.size === 1) return curvature.neg() as Curvature;
  throw nonHyperbolicCurvature(owner, curvature);
}
