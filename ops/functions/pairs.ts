/**
 * Functions of several numbers, element by element, beside the methods of `Tensor`.
 *
 * @module
 */
import { apply } from "../apply.ts";
import { PAIR_OPERATORS } from "../builtin/pairs.ts";
import { Tensor, type TensorLike, toOperand } from "../tensor.ts";
import { type BinaryFunction, binaryFunction } from "./call.ts";

/**
 * Angle in radians of the point (x, y), from -π to π; the height y comes first. At the origin it is 0,
 * and so is its slope.
 *
 * @example Up, left, and down to the right
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { atan2, tensor } from "@spiraltorch/spiraltorch";
 *
 * const [up, left, down] = await atan2(tensor([1, 0, -2]), tensor([0, -1, 2])).data();
 * assertAlmostEquals(up!, Math.PI / 2, 1e-6);
 * assertAlmostEquals(left!, Math.PI, 1e-6);
 * assertAlmostEquals(down!, -Math.PI / 4, 1e-6);
 * ```
 */
export const atan2: BinaryFunction = binaryFunction(PAIR_OPERATORS.atan2);

/** The size of the first with the sign of the second, which a zero has too. */
export const copysign: BinaryFunction = binaryFunction(
  PAIR_OPERATORS.copysign,
);

/** √(left² + right²), without squares that overflow; at the origin the slope is 0. */
export const hypot: BinaryFunction = binaryFunction(PAIR_OPERATORS.hypot);

/** log(exp(left) + exp(right)), without powers that overflow. */
export const logAddExp: BinaryFunction = binaryFunction(
  PAIR_OPERATORS.logAddExp,
);

/** x log(y), and 0 where x is 0 and y any number. */
export const xlogy: BinaryFunction = binaryFunction(PAIR_OPERATORS.xlogy);

/**
 * Goes a share of the way from one tensor to another: `start + weight (end - start)`. A weight of 1
 * gives exactly the end.
 *
 * @param start Where it is for a weight of 0.
 * @param end Where it is for a weight of 1.
 * @param weight The share of the way.
 * @returns The place between, of the broadcast shape.
 * @throws {OptionError} `INVALID_OPTION` if an input is neither tensor nor number.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes do not broadcast.
 */
export function lerp(
  start: TensorLike,
  end: TensorLike,
  weight: TensorLike,
): Tensor {
  const inputs = [start, end, weight].map((x) => toOperand("lerp", x));
  return new Tensor(apply(PAIR_OPERATORS.lerp, inputs));
}
