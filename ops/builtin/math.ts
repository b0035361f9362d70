/**
 * Functions of one number that are made of the primitive ones.
 *
 * **Shapes**: `x [...] -> y [...]`, of the same dtype, or `float32` where that holds no fractions.
 * **Numerics**: what would cancel is written otherwise, by `expm1` and `log1p`, so that a result near 0
 * is as good as others: in `float32` a few units in the last place. Outside their domain functions are
 * `NaN`. **Source**: Kahan, "Branch cuts for complex elementary functions" (1987), for the inverse
 * functions.
 *
 * @module
 */
import type { CompositeOperator, Node } from "../graph/node.ts";
import { add, binary, div, mul, sub } from "./binary.ts";
import { type CompositeRow, elementwiseOperators } from "./composite.ts";
import { polynomial } from "./polynomial.ts";
import { unary } from "./unary.ts";
import { where } from "./where.ts";

/** Beyond it 1 does not count beside a square, which may overflow. */
const BIG = 1e9;

/** sin(a) / a in powers of a², from the highest; below 0.1 what is left out is less than 1e-17. */
const SINC_SERIES = [1 / 362880, -1 / 5040, 1 / 120, -1 / 6, 1];

/**
 * erfinv(x) / x from the highest power, minimax: of w - 2.5 for w = -log(1 - x²) below 5, and of √w - 3
 * up to 17, as near to 1 as `float32` comes. The form is that of Giles, "Approximating the erfinv
 * function" (2010).
 */
const ERFINV_NEAR = [
  3.355439569e-10,
  -8.772803351e-09,
  1.803714292e-08,
  4.658917921e-07,
  -3.434611353e-06,
  -4.961910247e-06,
  0.0002182826302,
  -0.001252744664,
  -0.004177339403,
  0.2466402876,
  1.501409354,
];
const ERFINV_FAR = [
  0.0001100987289,
  -0.0003043618789,
  -4.867521337e-05,
  0.001478649226,
  -0.003601640449,
  0.005689406859,
  -0.00763639124,
  0.009445007601,
  1.001674912,
  2.832976806,
];

/**
 * exp(x²) erfc(x) / t from the highest power of t - ½, minimax, for t = 2 / (2 + x) and x from ½ to 28.
 */
const ERFC_FAR = [
  0.045854904677,
  -0.0225542254098,
  -0.0805651027541,
  0.0556229042869,
  0.0986462257595,
  -0.10379102174,
  -0.172079460404,
  0.145771895332,
  0.558944144525,
  0.687160664916,
  0.510791352648,
];

/** Names of the functions. */
export type MathName =
  | "acos"
  | "acosh"
  | "asin"
  | "asinh"
  | "atanh"
  | "cbrt"
  | "cosh"
  | "erfc"
  | "erfinv"
  | "exp2"
  | "frac"
  | "log10"
  | "log2"
  | "logit"
  | "reciprocal"
  | "sinc"
  | "sinh"
  | "square"
  | "tan"
  | "trunc";

const ROWS: Readonly<Record<MathName, CompositeRow>> = {
  acos: {
    description: "Angle in radians whose cosine is x, 2 atan(√((1-x)/(1+x))).",
    body: ([x]) =>
      mul(unary("atan", unary("sqrt", div(sub(1, x!), add(1, x!)))), 2),
  },
  acosh: {
    description: "Inverse of cosh, log(x + √(x²-1)); NaN below 1.",
    body([x]) {
      const above = sub(x!, 1);
      const root = mul(unary("sqrt", above), unary("sqrt", add(x!, 1)));
      return where(binary("less", [BIG, x!]), [
        add(unary("log", x!), Math.LN2),
        unary("log1p", add(above, root)),
      ]);
    },
  },
  asin: {
    description: "Angle in radians whose sine is x, atan(x / √(1-x²)).",
    body: ([x]) => unary("atan", div(x!, cosineOf(x!))),
  },
  asinh: {
    description: "Inverse of sinh, log(x + √(x²+1)).",
    body: ([x]) =>
      odd(x!, (size) => {
        const isBig = binary("less", [BIG, size]);
        const small = where(isBig, [1, size]);
        const square = mul(small, small);
        const root = unary("sqrt", add(square, 1));
        return where(isBig, [
          add(unary("log", where(isBig, [size, 1])), Math.LN2),
          unary("log1p", add(small, div(square, add(root, 1)))),
        ]);
      }),
  },
  atanh: {
    description: "Inverse of tanh, log((1+x)/(1-x)) / 2; NaN beyond ±1.",
    body: ([x]) =>
      odd(x!, (size) => {
        const log = unary("log1p", div(mul(size, 2), sub(1, size)));
        return mul(log, 0.5);
      }),
  },
  cbrt: {
    description: "Cube root, negative below 0.",
    body: ([x]) =>
      odd(x!, (size) => {
        const isPlain = binary("and", [
          binary("less", [0, size]),
          binary("less", [size, Infinity]),
        ]);
        const near = binary("pow", [size, 1 / 3]);
        const square = where(isPlain, [mul(near, near), 1]);
        // One step of Newton's: 1/3 itself is rounded.
        const root = sub(near, div(sub(near, div(size, square)), 3));
        return where(isPlain, [root, size]);
      }),
  },
  cosh: {
    description: "Hyperbolic cosine, (exp(x) + exp(-x)) / 2.",
    body([x]) {
      // Squared at the end, because exp(x) overflows earlier than its half.
      const root = unary("exp", mul(x!, 0.5));
      return add(mul(mul(root, 0.5), root), div(div(0.5, root), root));
    },
  },
  erfc: {
    description: "1 - erf(x), without the loss of digits where that is near 0.",
    body([x]) {
      const isNear = binary("less", [x!, 0.5]);
      const far = where(isNear, [0.5, x!]);
      const share = div(2, add(far, 2));
      const scaled = mul(share, polynomial(sub(share, 0.5), ERFC_FAR));
      return where(isNear, [
        sub(1, unary("erf", x!)),
        mul(scaled, gaussian(binary("minimum", [far, 30]))),
      ]);
    },
  },
  erfinv: {
    description: "Inverse of erf; NaN beyond ±1.",
    body([x]) {
      const width = unary("neg", unary("log", mul(sub(1, x!), add(1, x!))));
      const isNear = binary("less", [width, 5]);
      const near = sub(where(isNear, [width, 0]), 2.5);
      const far = sub(unary("sqrt", where(isNear, [9, width])), 3);
      return mul(
        x!,
        where(isNear, [
          polynomial(near, ERFINV_NEAR),
          polynomial(far, ERFINV_FAR),
        ]),
      );
    },
  },
  exp2: {
    description: "2 to the power of x.",
    body: ([x]) => binary("pow", [2, x!]),
  },
  frac: {
    description: "What is behind the point, x - trunc(x), with the sign of x.",
    body: ([x]) => sub(x!, truncated(x!)),
  },
  log10: {
    description: "Logarithm to the base 10; NaN below 0, -Infinity at 0.",
    body: ([x]) => mul(unary("log", x!), Math.LOG10E),
  },
  log2: {
    description: "Logarithm to the base 2; NaN below 0, -Infinity at 0.",
    body: ([x]) => mul(unary("log", x!), Math.LOG2E),
  },
  logit: {
    description: "Inverse of sigmoid, log(x / (1-x)); NaN outside 0 to 1.",
    body: ([x]) => sub(unary("log", x!), unary("log1p", unary("neg", x!))),
  },
  reciprocal: { description: "1 / x.", body: ([x]) => div(1, x!) },
  sinc: {
    description: "sin(πx) / (πx), and 1 at 0.",
    body([x]) {
      const angle = mul(x!, Math.PI);
      const isNear = binary("less", [unary("abs", angle), 0.1]);
      const near = where(isNear, [angle, 0]);
      const far = where(isNear, [1, angle]);
      // Near 0 by its series: the derivatives of the quotient cancel there, and are NaN at 0.
      return where(isNear, [
        polynomial(mul(near, near), SINC_SERIES),
        div(unary("sin", far), far),
      ]);
    },
  },
  sinh: {
    description: "Hyperbolic sine, (exp(x) - exp(-x)) / 2.",
    body([x]) {
      const isSmall = binary("less", [unary("abs", x!), 1]);
      const power = unary("expm1", where(isSmall, [x!, 0]));
      const root = unary("exp", mul(x!, 0.5));
      return where(isSmall, [
        mul(add(power, div(power, add(power, 1))), 0.5),
        sub(mul(mul(root, 0.5), root), div(div(0.5, root), root)),
      ]);
    },
  },
  square: { description: "x².", body: ([x]) => mul(x!, x!) },
  tan: {
    description: "Tangent of an angle in radians.",
    body: ([x]) => div(unary("sin", x!), unary("cos", x!)),
  },
  trunc: {
    description: "The whole number next to x towards 0.",
    body: ([x]) => truncated(x!),
  },
};

/** The functions as operators, by name. */
export const MATH_OPERATORS: Readonly<Record<MathName, CompositeOperator>> =
  elementwiseOperators(ROWS);

/** An odd function by its values from 0 upwards. At 0 it keeps its slope, which |x| has not. */
function odd(x: Node, of: (size: Node) => Node): Node {
  const isNegative = binary("less", [x, 0]);
  const y = of(where(isNegative, [unary("neg", x), x]));
  return where(isNegative, [unary("neg", y), y]);
}

/** exp(-x²): the square of 64ths is exact, and what is missing to it is small. */
function gaussian(x: Node): Node {
  const near = mul(unary("round", mul(x, 64)), 1 / 64);
  const rest = mul(sub(x, near), add(x, near));
  return mul(
    unary("exp", unary("neg", mul(near, near))),
    unary("exp", unary("neg", rest)),
  );
}

function truncated(x: Node): Node {
  return where(binary("less", [x, 0]), [unary("ceil", x), unary("floor", x)]);
}

/** The cosine of an angle whose sine is x: √(1-x²), without a difference of squares. */
function cosineOf(x: Node): Node {
  return unary("sqrt", mul(sub(1, x), add(1, x)));
}
