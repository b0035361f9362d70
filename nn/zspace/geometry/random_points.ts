import { invalidOption, type Shape, splitKey } from "../../../core/base/mod.ts";
import {
  optionsOf,
  randomNormal,
  randomUniform,
  type Tensor,
} from "../../../ops/mod.ts";
import { seedKey } from "../../seed.ts";
import type { RandomPointsOptions } from "./ball_options.ts";
import { dot, safeRoot } from "./rows.ts";

/**
 * Draws points of a ball.
 *
 * @param shape Shape of the tensor, `[..., d]`.
 * @param root The root of the ball's curvature.
 * @param options What they depend on, and how far out they may lie.
 * @returns The points.
 * @throws {OptionError} `INVALID_OPTION` if `maxRadius` is not between 0 and 1.
 */
export function randomPoints(
  shape: Shape,
  root: number | Tensor,
  options: RandomPointsOptions,
): Tensor {
  const { seed, maxRadius = 0.9 } = optionsOf("random", options);
  if (!(maxRadius >= 0 && maxRadius < 1)) {
    throw invalidOption(
      "PoincareBall random maxRadius",
      maxRadius,
      "a number from 0 and below 1",
    );
  }
  if (!Array.isArray(shape) || shape.length === 0) {
    throw invalidOption("PoincareBall random shape", shape, "sizes per axis");
  }
  const key = seedKey(seed);
  const direction = randomNormal(shape, { key: splitKey(key, 0) });
  const radius = randomUniform([...shape.slice(0, -1), 1], {
    key: splitKey(key, 1),
  });
  const length = safeRoot(dot(direction, direction)).maximum(1e-12);
  return direction.mul(radius.mul(maxRadius).div(length)).div(root);
}
