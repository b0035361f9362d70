import {
  assertInvariant,
  overlaps,
  sizeOf,
  valueDType,
} from "../../core/base/mod.ts";
import type { AssembleKernel, ScatterMaxKernel } from "./kernel.ts";
import { takesDType } from "./takes_dtype.ts";
import { verifyView } from "./verify_view.ts";

/**
 * Requires pieces that lie inside the output, apart from each other.
 *
 * @param kernel The kernel.
 * @throws {InvariantError} If they do not.
 */
export function verifyPieces({ shape, pieces }: AssembleKernel): void {
  pieces.forEach((piece, i) => {
    assertInvariant(
      piece.steps.every((step) => step >= 1) &&
        piece.steps.length === shape.length &&
        piece.offset.length === shape.length &&
        piece.shape.length === shape.length &&
        piece.shape.every((count, axis) =>
          piece.offset[axis]! >= 0 &&
          (count === 0 ||
            piece.offset[axis]! + (count - 1) * piece.steps[axis]! <
              shape[axis]!)
        ),
      "a piece lies inside the output",
    );
    assertInvariant(
      !pieces.some((other, k) => k < i && overlaps(other, piece)),
      "no two pieces meet",
    );
  });
}

/**
 * Requires blocks of numbers, whose places lie inside the output.
 *
 * @param kernel The kernel.
 * @throws {InvariantError} If they do not.
 */
export function verifyBlocks(
  { shape, over, operands, output, target, dtype }: ScatterMaxKernel,
): void {
  assertInvariant(
    operands.every((operand) => takesDType("add", valueDType(operand.dtype))) &&
      valueDType(operands[1].dtype) === dtype && !over.includes(0),
    "numbers are scattered by the largest of a block of numbers",
  );
  verifyView(
    { dtype, strides: target, offset: 0 },
    [...shape, ...over],
    sizeOf(output),
  );
}
