/**
 * Functions of bits, quotients and remainders, element by element.
 *
 * @module
 */
import { BINARY_OPERATORS } from "../builtin/binary.ts";
import { BIT_OPERATORS } from "../builtin/bits.ts";
import {
  type BinaryFunction,
  binaryFunction,
  type UnaryFunction,
  unaryFunction,
} from "./call.ts";

/** left AND right, bit by bit; whole numbers only. */
export const bitwiseAnd: BinaryFunction = binaryFunction(
  BINARY_OPERATORS.bitwiseAnd,
);

/** left × 2^right, without the bits that are lost; of right five bits count. */
export const bitwiseLeftShift: BinaryFunction = binaryFunction(
  BINARY_OPERATORS.bitwiseLeftShift,
);

/** Every bit turned around, -1 - x; whole numbers only. */
export const bitwiseNot: UnaryFunction = unaryFunction(
  BIT_OPERATORS.bitwiseNot,
);

/** left OR right, bit by bit; whole numbers only. */
export const bitwiseOr: BinaryFunction = binaryFunction(
  BINARY_OPERATORS.bitwiseOr,
);

/** left / 2^right, rounded down; of right five bits count. */
export const bitwiseRightShift: BinaryFunction = binaryFunction(
  BINARY_OPERATORS.bitwiseRightShift,
);

/** left XOR right, bit by bit; whole numbers only. */
export const bitwiseXor: BinaryFunction = binaryFunction(
  BINARY_OPERATORS.bitwiseXor,
);

/**
 * left / right, rounded down. Of fractions the quotient is rounded first; a whole number over 0 is 0.
 *
 * @example Down, not towards 0
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { floorDivide, tensor } from "@spiraltorch/spiraltorch";
 *
 * const x = tensor(Int32Array.of(7, -7));
 * assertEquals(await floorDivide(x, 2).array(), [3, -4]);
 * ```
 */
export const floorDivide: BinaryFunction = binaryFunction(
  BINARY_OPERATORS.floorDivide,
);

/** What is left of a division that rounds towards 0: it has the sign of left. */
export const fmod: BinaryFunction = binaryFunction(BIT_OPERATORS.fmod);

/** What is left of a division that rounds down: it has the sign of right, and is exact for any quotient. */
export const remainder: BinaryFunction = binaryFunction(
  BINARY_OPERATORS.remainder,
);
