import { assertInvariant, type Shape } from "../../core/base/mod.ts";
import type { Operand } from "./kernel.ts";

/**
 * Requires that every place of an index space lies inside an array.
 *
 * @param operand How the array is seen.
 * @param space The index space.
 * @param size Number of elements in the array.
 * @throws {InvariantError} If a place lies outside.
 */
export function verifyView(
  { strides, offset }: Operand,
  space: Shape,
  size: number,
): void {
  assertInvariant(
    strides.length === space.length,
    "a view has a stride for each axis of its index space",
  );
  if (space.includes(0)) return;
  let [lowest, highest] = [offset, offset];
  space.forEach((axisSize, axis) => {
    const reach = (axisSize - 1) * strides[axis]!;
    if (reach < 0) lowest += reach;
    else highest += reach;
  });
  assertInvariant(
    lowest >= 0 && highest < size,
    `a view stays inside its array (it reaches ${lowest} to ${highest} of ${size})`,
  );
}
