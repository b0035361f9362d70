/**
 * Functions of several numbers, element by element, made of the primitive ones.
 *
 * **Shapes**: inputs broadcast as in NumPy; the output is of the dtype they meet in, or `float32` where
 * that holds no fractions. **Numerics**: no finite input overflows on the way to a finite result.
 * **Source**: the functions of the same names in PyTorch and NumPy.
 *
 * @module
 */
import type { CompositeOperator, Node } from "../graph/node.ts";
import { add, binary, div, mul, sub } from "./binary.ts";
import { type CompositeRow, elementwiseOperators } from "./composite.ts";
import { unary } from "./unary.ts";
import { where } from "./where.ts";

/** Names of the functions. */
export type PairName =
  | "atan2"
  | "copysign"
  | "hypot"
  | "lerp"
  | "logAddExp"
  | "xlogy";

const ROWS: Readonly<Record<PairName, CompositeRow>> = {
  atan2: {
    description: "Angle in radians of the point (x, y), from -π to π.",
    inputs: ["y", "x"],
    body([y, x]) {
      const [height, width] = [unary("abs", y!), unary("abs", x!)];
      const isSteep = binary("less", [width, height]);
      const angle = unary("atan", ratio(height, width));
      const turned = where(isSteep, [sub(Math.PI / 2, angle), angle]);
      const behind = where(binary("less", [x!, 0]), [
        sub(Math.PI, turned),
        turned,
      ]);
      return where(binary("less", [y!, 0]), [unary("neg", behind), behind]);
    },
  },
  copysign: {
    description: "The size of the first with the sign of the second.",
    inputs: ["magnitude", "sign"],
    body([magnitude, sign]) {
      const size = unary("abs", magnitude!);
      const isNegative = binary("or", [
        binary("less", [sign!, 0]),
        // Tells zeros apart.
        binary("less", [div(1, sign!), 0]),
      ]);
      return where(isNegative, [unary("neg", size), size]);
    },
  },
  hypot: {
    description: "√(left² + right²), without squares that overflow.",
    inputs: ["left", "right"],
    body([left, right]) {
      const [a, b] = [unary("abs", left!), unary("abs", right!)];
      const share = ratio(a, b);
      const stretch = unary("sqrt", add(mul(share, share), 1));
      return mul(binary("maximum", [a, b]), stretch);
    },
  },
  lerp: {
    description: "start + weight (end - start).",
    inputs: ["start", "end", "weight"],
    body([start, end, weight]) {
      const way = sub(end!, start!);
      // From the nearer end, so that a weight of 1 gives exactly the end.
      return where(binary("less", [unary("abs", weight!), 0.5]), [
        add(start!, mul(weight!, way)),
        sub(end!, mul(sub(1, weight!), way)),
      ]);
    },
  },
  logAddExp: {
    description: "log(exp(left) + exp(right)).",
    inputs: ["left", "right"],
    body([left, right]) {
      const isEqual = binary("equal", [left!, right!]);
      // Equal infinities have no difference.
      const gap = where(isEqual, [0, sub(left!, right!)]);
      const tail = unary("exp", unary("neg", unary("abs", gap)));
      return add(
        binary("maximum", [left!, right!]),
        unary("log1p", tail),
      );
    },
  },
  xlogy: {
    description: "x log(y), and 0 where x is 0 and y any number.",
    inputs: ["x", "y"],
    body([x, y]) {
      const isNothing = binary("and", [
        binary("equal", [x!, 0]),
        binary("equal", [y!, y!]),
      ]);
      return mul(x!, unary("log", where(isNothing, [1, y!])));
    },
  },
};

/** The functions as operators, by name. */
export const PAIR_OPERATORS: Readonly<Record<PairName, CompositeOperator>> =
  elementwiseOperators(ROWS);

/** The smaller of two sizes over the larger: 1 where they are equal, infinities too, 0 for zeros. */
function ratio(a: Node, b: Node): Node {
  const larger = binary("maximum", [a, b]);
  const isEqual = binary("equal", [a, b]);
  const isZero = binary("equal", [larger, 0]);
  const under = where(binary("or", [isEqual, isZero]), [1, larger]);
  const over = where(isEqual, [
    where(isZero, [0, 1]),
    binary("minimum", [a, b]),
  ]);
  return div(over, under);
}
