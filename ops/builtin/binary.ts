/**
 * Operators of two inputs whose output element depends on the input elements at the same place.
 *
 * A family is a table: one row an operator, one rule for all of them. **Shapes**: `left [...], right
 * [...] -> y [...]` by NumPy broadcasting. Inputs of two dtypes are brought to the one that
 * `promoteDTypes` tells; arithmetic on `bool` and `int8` is that of `int32`. **Numerics**: `int32`
 * wraps around; `div` and `pow` give fractions always; functions of bits take whole numbers only, and of
 * the count of a shift its last five bits; what is stored in a half type is computed in
 * `float32`; comparisons with `NaN` are false; `maximum` and `minimum` pass a `NaN` on.
 *
 * @module
 */
import {
  broadcastShapes,
  type DType,
  dtypeMismatch,
  DTYPES,
  equalShapes,
  isFloatDType,
  promoteDTypes,
  toFloatDType,
  valueDType,
} from "../../core/base/mod.ts";
import type { BinaryFn, ExpressionBuilder } from "../../kernels/ir/mod.ts";
import { apply, type Operand } from "../apply.ts";
import type { Node, PrimitiveOperator, TensorType } from "../graph/node.ts";

/** The dtypes that have bits, for messages. */
const WHOLE_DTYPES: readonly DType[] = DTYPES.filter((dtype) =>
  !isFloatDType(dtype)
);

/** How inputs and output relate. */
interface Row {
  /** What the function is computed in at least: truth, whole numbers or fractions. */
  readonly from: "truth" | "whole" | "fraction";
  /** Whether it is about bits: fractions have none. */
  readonly isOfBits?: true;
  /** Whether truth values are combined rather than numbers. */
  readonly isLogical?: boolean;
  /** Whether the output says yes or no. */
  readonly isComparison?: boolean;
  readonly description: string;
}

/** The functions that are operators under their own name. */
export type BinaryName = BinaryFn;

const ROWS: Readonly<Record<BinaryName, Row>> = {
  add: { from: "whole", description: "left + right." },
  and: {
    from: "truth",
    isLogical: true,
    description: "Whether both are true.",
  },
  bitwiseAnd: bits("left AND right, bit by bit."),
  bitwiseLeftShift: bits("left × 2^right; the higher bits are lost."),
  bitwiseOr: bits("left OR right, bit by bit."),
  bitwiseRightShift: bits("left / 2^right, rounded down."),
  bitwiseXor: bits("left XOR right, bit by bit."),
  div: { from: "fraction", description: "left / right, a fraction always." },
  equal: {
    from: "truth",
    isComparison: true,
    description: "Whether left and right are equal; a NaN equals nothing.",
  },
  floorDivide: {
    from: "whole",
    description: "left / right, rounded down; 0 for a whole number over 0.",
  },
  less: {
    from: "whole",
    isComparison: true,
    description: "Whether left is less than right.",
  },
  lessOrEqual: {
    from: "whole",
    isComparison: true,
    description: "Whether left is at most right.",
  },
  maximum: { from: "whole", description: "The larger of left and right." },
  minimum: { from: "whole", description: "The smaller of left and right." },
  mul: { from: "whole", description: "left × right." },
  or: { from: "truth", isLogical: true, description: "Whether one is true." },
  pow: { from: "fraction", description: "left to the power of right." },
  remainder: {
    from: "whole",
    description: "left - right ⌊left / right⌋, with the sign of right.",
  },
  sub: { from: "whole", description: "left − right." },
};

/** The operators by name. */
export const BINARY_OPERATORS: Readonly<Record<BinaryName, PrimitiveOperator>> =
  Object.fromEntries(
    Object.entries(ROWS).map(([name, row]) => [
      name,
      binaryOperator(name as BinaryName, row),
    ]),
  ) as Record<BinaryName, PrimitiveOperator>; // one entry for each row

function binaryOperator(name: BinaryName, row: Row): PrimitiveOperator {
  return {
    kind: "primitive",
    name,
    version: "1.0.0",
    description: row.description,
    schema: { inputs: ["left", "right"], attributes: {} },
    infer(inputs) {
      const left = inputs[0]!;
      const right = inputs[1]!;
      const common = commonDType(name, row, inputs);
      const dtype = row.isComparison ? "bool" : common;
      // Mostly the left one has it already: large graphs keep fewer types then.
      const isLeft = right.shape.length === 0 ||
        equalShapes(left.shape, right.shape);
      if (isLeft && dtype === left.dtype) return left;
      const shape = isLeft
        ? left.shape
        : broadcastShapes(name, left.shape, right.shape);
      return { dtype, shape };
    },
    lowering: {
      kind: "elementwise",
      emit(builder, [left, right], { inputs }) {
        const dtype = valueDType(commonDType(name, row, inputs));
        const values = [
          builder.hold(left!, dtype),
          builder.hold(right!, dtype),
        ] as const;
        return emitQuotient(builder, name, values) ??
          builder.binary(name, values);
      },
    },
  };
}

/** A function of the bits of whole numbers. */
function bits(description: string): Row {
  return { from: "whole", isOfBits: true, description };
}

/** Quotients of fractions, and remainders of whole numbers, which are made of other functions. */
function emitQuotient(
  builder: ExpressionBuilder,
  name: BinaryName,
  [left, right]: readonly [number, number],
): number | undefined {
  const isWhole = builder.dtypeOf(left) === "int32";
  if (name === "floorDivide" && !isWhole) {
    return builder.unary("floor", builder.binary("div", [left, right]));
  }
  if (name !== "remainder" || !isWhole) return undefined;
  const quotient = builder.binary("floorDivide", [left, right]);
  return builder.binary("sub", [
    left,
    builder.binary("mul", [quotient, right]),
  ]);
}

/** The dtype in which the function is computed. */
function commonDType(
  name: BinaryName,
  row: Row,
  inputs: readonly TensorType[],
): DType {
  const widest = promoteDTypes(inputs[0]!.dtype, inputs[1]!.dtype);
  if (row.isLogical && widest !== "bool") {
    throw dtypeMismatch(name, widest, ["bool"]);
  }
  if (row.isOfBits && isFloatDType(widest)) {
    throw dtypeMismatch(name, widest, WHOLE_DTYPES);
  }
  switch (row.from) {
    case "truth":
      return widest;
    case "whole":
      return promoteDTypes(widest, "int32");
    case "fraction":
      return toFloatDType(widest);
    default:
      return row.from satisfies never;
  }
}

/**
 * Applies one of the functions of two inputs.
 *
 * @param name Name of the function.
 * @param operands The left and the right input, which broadcast.
 * @returns The output, of the broadcast shape.
 */
export function binary(
  name: BinaryName,
  operands: readonly [left: Operand, right: Operand],
): Node {
  return apply(BINARY_OPERATORS[name], operands);
}

/**
 * Adds element by element.
 *
 * @param left One summand.
 * @param right The other.
 * @returns The sum, of the broadcast shape.
 */
export function add(left: Operand, right: Operand): Node {
  return binary("add", [left, right]);
}

/**
 * Subtracts element by element.
 *
 * @param left What to subtract from.
 * @param right What to subtract.
 * @returns The difference, of the broadcast shape.
 */
export function sub(left: Operand, right: Operand): Node {
  return binary("sub", [left, right]);
}

/**
 * Multiplies element by element.
 *
 * @param left One factor.
 * @param right The other.
 * @returns The product, of the broadcast shape.
 */
export function mul(left: Operand, right: Operand): Node {
  return binary("mul", [left, right]);
}

/**
 * Divides element by element.
 *
 * @param left The dividend.
 * @param right The divisor.
 * @returns The quotient, of the broadcast shape.
 */
export function div(left: Operand, right: Operand): Node {
  return binary("div", [left, right]);
}
