/**
 * Questions about numbers, element by element: the answers are `bool`; and what replaces numbers that
 * are none.
 *
 * **Shapes**: inputs of any dtype broadcast as in NumPy. **Numerics**: a number is true unless it is 0,
 * so a `NaN` is true. **Source**: the functions of the same names in PyTorch.
 *
 * @module
 */
import { type DType, toFloatDType } from "../../core/base/mod.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { add, binary, mul, sub } from "./binary.ts";
import { cast } from "./cast.ts";
import { compositeOperators, type CompositeRow } from "./composite.ts";
import { unary } from "./unary.ts";
import { where } from "./where.ts";

/** Names of the functions. */
export type LogicName =
  | "isClose"
  | "isFinite"
  | "isInf"
  | "isNan"
  | "logicalAnd"
  | "logicalNot"
  | "logicalOr"
  | "logicalXor"
  | "nanToNum";

/** The largest finite numbers of what holds fractions. */
const LARGEST: Readonly<Partial<Record<DType, number>>> = {
  bfloat16: (2 - 2 ** -7) * 2 ** 127,
  float16: 65504,
  float32: (2 - 2 ** -23) * 2 ** 127,
};

const ROWS: Readonly<Record<LogicName, CompositeRow>> = {
  isClose: {
    description: "Whether |left - right| is at most atol + rtol |right|.",
    inputs: ["left", "right"],
    attributes: { rtol: "number", atol: "number", equalNan: "boolean" },
    defaults: { rtol: 1e-5, atol: 1e-8, equalNan: false },
    body([left, right], { rtol, atol, equalNan }) {
      const [a, b] = [cast(left!, "float32"), cast(right!, "float32")];
      const size = unary("abs", b);
      const bound = add(mul(size, rtol as number), atol as number);
      const isNear = binary("and", [
        binary("lessOrEqual", [unary("abs", sub(a, b)), bound]),
        // The bound of an infinity is no bound.
        binary("less", [size, Infinity]),
      ]);
      const isClose = binary("or", [isNear, binary("equal", [a, b])]);
      return equalNan === true
        ? binary("or", [isClose, binary("and", [isNan(a), isNan(b)])])
        : isClose;
    },
  },
  isFinite: {
    description: "Whether x is neither infinite nor NaN.",
    body: ([x]) =>
      binary("less", [unary("abs", cast(x!, "float32")), Infinity]),
  },
  isInf: {
    description: "Whether x is infinite.",
    body: ([x]) =>
      binary("equal", [unary("abs", cast(x!, "float32")), Infinity]),
  },
  isNan: {
    description: "Whether x is NaN.",
    body: ([x]) => isNan(x!),
  },
  logicalAnd: {
    description: "Whether both are other than 0.",
    inputs: ["left", "right"],
    body: (inputs) => binary("and", truths(inputs)),
  },
  logicalNot: {
    description: "Whether x is 0.",
    body: ([x]) => unary("not", cast(x!, "bool")),
  },
  logicalOr: {
    description: "Whether one is other than 0.",
    inputs: ["left", "right"],
    body: (inputs) => binary("or", truths(inputs)),
  },
  logicalXor: {
    description: "Whether exactly one is other than 0.",
    inputs: ["left", "right"],
    body: (inputs) => unary("not", binary("equal", truths(inputs))),
  },
  nanToNum: {
    description: "x, with other numbers in place of NaN and infinities.",
    attributes: {
      nan: "number",
      posinf: "numberOrNull",
      neginf: "numberOrNull",
    },
    defaults: { nan: 0, posinf: null, neginf: null },
    body([x], { nan, posinf, neginf }) {
      const dtype = toFloatDType(x!.type.dtype);
      const value = cast(x!, dtype);
      const largest = LARGEST[dtype]!;
      const above = (posinf ?? largest) as number;
      const below = (neginf ?? -largest) as number;
      const finite = where(binary("equal", [value, Infinity]), [
        above,
        where(binary("equal", [value, -Infinity]), [below, value]),
      ]);
      return where(isNan(value), [nan as number, finite]);
    },
  },
};

/** The functions as operators, by name. */
export const LOGIC_OPERATORS: Readonly<Record<LogicName, CompositeOperator>> =
  compositeOperators(ROWS);

/**
 * Tells whether elements are no numbers.
 *
 * @param x The elements.
 * @returns Whether each is `NaN`.
 */
export function isNan(x: Node): Node {
  return unary("not", binary("equal", [x, x]));
}

function truths([left, right]: readonly Node[]): [Node, Node] {
  return [cast(left!, "bool"), cast(right!, "bool")];
}
