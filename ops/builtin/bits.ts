/**
 * Functions of bits and of remainders that are made of the primitive ones.
 *
 * **Shapes**: inputs broadcast as in NumPy. **Numerics**: exact; `int8` and `bool` become `int32`, whose
 * smallest number has no size. **Source**: the functions of the same names in PyTorch.
 *
 * @module
 */
import { type CompositeOperator, constant } from "../graph/node.ts";
import { binary, mul } from "./binary.ts";
import { compositeOperators, type CompositeRow } from "./composite.ts";
import { unary } from "./unary.ts";

/** Names of the functions. */
export type BitName = "bitwiseNot" | "fmod";

const ROWS: Readonly<Record<BitName, CompositeRow>> = {
  bitwiseNot: {
    description: "Every bit turned around: -1 - x.",
    body: ([x]) =>
      binary("bitwiseXor", [
        x!,
        constant(-1, { dtype: "int32", shape: [] }),
      ]),
  },
  fmod: {
    description: "left - right trunc(left / right), with the sign of left.",
    inputs: ["left", "right"],
    body([left, right]) {
      const sizes = [unary("abs", left!), unary("abs", right!)] as const;
      return mul(unary("sign", left!), binary("remainder", sizes));
    },
  },
};

/** The functions as operators, by name. */
export const BIT_OPERATORS: Readonly<Record<BitName, CompositeOperator>> =
  compositeOperators(ROWS);
