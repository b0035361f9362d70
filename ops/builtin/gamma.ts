/**
 * The logarithm of the gamma function, and its derivatives.
 *
 * **Shapes**: `x [...] -> y [...]`, of the same dtype, or `float32` where that holds no fractions.
 * **Numerics**: in `float64` what is left out is below 1e-13 of the result for `lgamma` and `digamma`,
 * below 1e-8 for `polygamma`. In `float32` `lgamma` is within 2e-6 of its value above 0, its zeros at 1
 * and 2 included; elsewhere, and for the others, the same share of the largest term counts, so that
 * digits are lost near a zero, as `digamma` has one at 1.4616. **Source**: Abramowitz and Stegun, 6.1.33
 * (the series at 2), 6.1.41, 6.3.18 and 6.4.11 (far from 0), 6.4.6 (recurrence), 6.4.7 (reflection).
 *
 * @module
 */
import { attributeInvalid } from "../errors.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { add, binary, div, mul, sub } from "./binary.ts";
import { type CompositeRow, elementwiseOperators } from "./composite.ts";
import { polynomial } from "./polynomial.ts";
import { unary } from "./unary.ts";
import { where } from "./where.ts";

/** Names of the functions. */
export type GammaName = "digamma" | "lgamma" | "polygamma";

/** lgamma(2 + t) / t for t up to ½: (-1)^k (ζ(k) - 1) / k, from the highest power of t. */
const NEAR_TWO = [
  -2.2711094608943164e-08,
  4.7698101693639804e-08,
  -1.0043224823968099e-07,
  2.1207184805554665e-07,
  -4.492469198764566e-07,
  9.55141213040742e-07,
  -2.039215753801366e-06,
  4.374866789907488e-06,
  -9.439488275268397e-06,
  2.050721277567069e-05,
  -4.492623673813314e-05,
  9.945751278180853e-05,
  -0.00022315475845357939,
  0.0005096695247430425,
  -0.001192753911703261,
  0.0028905103307415234,
  -0.007385551028673986,
  0.020580808427784546,
  -0.0673523010531981,
  0.3224670334241132,
  0.42278433509846713,
];

/** Bernoulli numbers B₂, B₄, … */
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6];

/** From here on the series in 1/x are used. */
const FAR = 8;

/** The derivative after the highest would not be in the range of `float32` anywhere near 0. */
const ORDER_MAX = 30;

const ROWS: Readonly<Record<GammaName, CompositeRow>> = {
  digamma: {
    description: "Slope of lgamma; NaN at whole numbers below 0.",
    body: ([x]) => digamma(x!),
  },
  lgamma: {
    description: "Logarithm of |Γ(x)|; Infinity at 0 and whole numbers below.",
    body([x]) {
      const isBelow = binary("less", [x!, 0]);
      const y = lgammaAboveZero(where(isBelow, [sub(1, x!), x!]));
      const sine = unary("abs", unary("sin", phaseOf(x!)));
      const reflected = sub(sub(Math.log(Math.PI), unary("log", sine)), y);
      const isEnd = binary("equal", [unary("abs", x!), Infinity]);
      return where(isEnd, [Infinity, where(isBelow, [reflected, y])]);
    },
  },
  polygamma: {
    description: "The derivative of digamma of an order.",
    attributes: { order: "integer" },
    defaults: { order: 1 },
    check({ order }) {
      if ((order as number) >= 0 && (order as number) <= ORDER_MAX) return;
      throw attributeInvalid(
        "polygamma",
        "order",
        `found ${order}, wanted 0 to ${ORDER_MAX}`,
      );
    },
    body: ([x], { order }) =>
      order === 0 ? digamma(x!) : polygamma(x!, order as number),
  },
};

/** The functions as operators, by name. */
export const GAMMA_OPERATORS: Readonly<Record<GammaName, CompositeOperator>> =
  elementwiseOperators(ROWS);

function lgammaAboveZero(x: Node): Node {
  return where(binary("less", [x, FAR]), [lgammaNear(x), lgammaFar(x)]);
}

/** By steps of 1 from next to 2: Γ(x) = (x - 1) Γ(x - 1). */
function lgammaNear(x: Node): Node {
  const steps = sub(unary("round", x), 2);
  const rest = sub(sub(x, 2), steps);
  let product: Node = sub(x, 1);
  for (let i = 2; i <= FAR - 2; i++) {
    const isPassed = binary("lessOrEqual", [i, steps]);
    product = where(isPassed, [mul(product, sub(x, i)), product]);
  }
  const upwards = unary("log", product);
  const downwards = unary("neg", unary("log1p", rest));
  const twice = sub(downwards, unary("log", x));
  const way = where(binary("equal", [steps, -1]), [
    downwards,
    where(binary("less", [steps, -1]), [
      twice,
      where(binary("equal", [steps, 0]), [0, upwards]),
    ]),
  ]);
  return add(mul(rest, polynomial(rest, NEAR_TWO)), way);
}

/** Stirling's series. */
function lgammaFar(x: Node): Node {
  const inverse = div(1, x);
  const series = BERNOULLI.map((b, i) => b / ((2 * i + 1) * (2 * i + 2)));
  const whole = mul(sub(x, 0.5), sub(unary("log", x), 1));
  const constant = Math.log(2 * Math.PI) / 2 - 0.5;
  return add(add(whole, constant), oddSeries(inverse, series));
}

function digamma(x: Node): Node {
  const isBelow = binary("less", [x, 0]);
  const y = where(isBelow, [sub(1, x), x]);
  const far = add(y, FAR);
  const inverse = div(1, far);
  const series = BERNOULLI.map((b, i) => b / (2 * i + 2));
  const tail = mul(inverse, add(oddSeries(inverse, series), 0.5));
  const steps = sumOfSteps((i) => div(1, add(y, i)));
  const above = sub(sub(unary("log", far), tail), steps);
  const phase = phaseOf(x);
  // A whole number has no slope from either side.
  const isPole = binary("equal", [phase, 0]);
  const slope = where(isPole, [NaN, mul(cotangent(phase), Math.PI)]);
  return where(isBelow, [sub(above, slope), above]);
}

/** By powers of (n!)^(1/(n+1)) / x, which neither overflow nor vanish before the result does. */
function polygamma(x: Node, n: number): Node {
  const isBelow = binary("less", [x, 0]);
  const y = where(isBelow, [sub(1, x), x]);
  const scale = rootOfFactorial(n);
  const far = add(y, FAR);
  const inverse = div(1, far);
  const share = mul(inverse, scale);
  // What follows from one derivative to the next: B₂ₖ / (2k)! (n+1)(n+2)…(n+2k-1).
  const series = BERNOULLI.map((b, i) => {
    let term = b / (2 * i + 2);
    for (let k = 1; k <= 2 * i + 1; k++) term *= (n + k) / k;
    return term;
  });
  const tail = mul(
    power(share, n),
    add(mul(share, add(oddSeries(inverse, series), 0.5)), scale / n),
  );
  const steps = sumOfSteps((i) => power(div(scale, add(y, i)), n + 1));
  const size = add(steps, tail);
  const slope = derivativeOfCotangent(cotangent(phaseOf(x)), n);
  const isOdd = n % 2 === 1;
  const reflected = sub(unary("neg", size), slope);
  return where(isBelow, [reflected, isOdd ? size : unary("neg", size)]);
}

/** π times the distance to the next whole number. */
function phaseOf(x: Node): Node {
  return mul(sub(x, unary("round", x)), Math.PI);
}

function cotangent(phase: Node): Node {
  return div(unary("cos", phase), unary("sin", phase));
}

/** The n-th derivative of π cot(πx), by the cotangent: that of c is -π (1 + c²). */
function derivativeOfCotangent(cotangent: Node, n: number): Node {
  let coefficients = [0, 1]; // from the lowest power
  for (let i = 0; i < n; i++) {
    const slope = coefficients.slice(1).map((each, k) => -each * (k + 1));
    coefficients = [...slope, 0, 0].map((each, k) =>
      each + (slope[k - 2] ?? 0)
    );
  }
  const scaled = coefficients.map((each) => each * Math.PI ** (n + 1));
  return polynomial(cotangent, scaled.reverse());
}

function sumOfSteps(step: (i: number) => Node): Node {
  let sum = step(0);
  for (let i = 1; i < FAR; i++) sum = add(sum, step(i));
  return sum;
}

/** x (c₀ + c₁ x² + c₂ x⁴ + …). */
function oddSeries(x: Node, coefficients: readonly number[]): Node {
  return mul(x, polynomial(mul(x, x), coefficients.toReversed()));
}

/** x to the power of a whole number from 1, by squares. */
function power(x: Node, exponent: number): Node {
  if (exponent === 1) return x;
  const root = power(x, Math.floor(exponent / 2));
  const square = mul(root, root);
  return exponent % 2 === 1 ? mul(square, x) : square;
}

/** (n!)^(1/(n+1)). */
function rootOfFactorial(n: number): number {
  let sum = 0;
  for (let i = 2; i <= n; i++) sum += Math.log(i);
  return Math.exp(sum / (n + 1));
}
