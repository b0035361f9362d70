import { shapeMismatch } from "./errors.ts";
import { assertShape, equalShapes, type Shape } from "./shape.ts";

/**
 * Finds the shape two operands broadcast to, by NumPy's rule: align the shapes at the last axis;
 * sizes must be equal, or one of them `1`; absent axes count as `1`.
 *
 * Cost: O(rank), no allocation but the result; none where both are equal, which are the result.
 *
 * Source: NumPy user guide, "General broadcasting rules".
 *
 * @example A bias added to a batch
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { broadcastShapes } from "@spiraltorch/spiraltorch/base";
 *
 * assertEquals(broadcastShapes("add", [32, 10], [10]), [32, 10]);
 * ```
 *
 * @param operation Name of the operation, for the message.
 * @param left Shape of the first operand, e.g. `[batch, features]`.
 * @param right Shape of the second operand, e.g. `[features]`.
 * @returns The broadcast shape; its rank is the larger of the two ranks. `left` itself where both are
 * equal.
 * @throws {ShapeError} `SHAPE_MISMATCH` if two aligned sizes differ and neither is `1`.
 * @throws {ShapeError} `SHAPE_INVALID` if there are more elements than a tensor can have.
 */
export function broadcastShapes(
  operation: string,
  left: Shape,
  right: Shape,
): Shape {
  const result = equalShapes(left, right)
    ? left
    : combine(operation, left, right);
  assertShape(operation, result);
  return result;
}

function combine(operation: string, left: Shape, right: Shape): Shape {
  const rank = Math.max(left.length, right.length);
  const result = new Array<number>(rank);
  for (let axis = 1; axis <= rank; axis++) {
    const a = left[left.length - axis] ?? 1;
    const b = right[right.length - axis] ?? 1;
    if (a !== b && a !== 1 && b !== 1) {
      throw shapeMismatch(operation, left, right, {
        axis: -axis,
        rule: "sizes must be equal or 1",
      });
    }
    // Not Math.max: a size-0 axis stays 0 against 1.
    result[rank - axis] = a === 1 ? b : a;
  }
  return result;
}
