/**
 * Derivatives of composites that are better written down than taken through what they are made of:
 * where that has a corner or divides by 0 though the function does not.
 *
 * @module
 */
import { apply } from "../../apply.ts";
import { add, binary, div, mul, sub } from "../../builtin/binary.ts";
import { GAMMA_OPERATORS } from "../../builtin/gamma.ts";
import { PAIR_OPERATORS } from "../../builtin/pairs.ts";
import { reduce, resolveAxes } from "../../builtin/reduce.ts";
import { unary } from "../../builtin/unary.ts";
import { where } from "../../builtin/where.ts";
import type { Node, Vjp } from "../../graph/node.ts";
import { unbroadcast } from "./elementwise.ts";
import { restoreAxes } from "./reduce.ts";

/** Gradients of composites, by name. */
export const MATH_DERIVATIVES: Readonly<Record<string, Vjp>> = {
  acos: ({ inputs: [x], gradient }) => [
    unary("neg", div(gradient, cosineOf(x!))),
  ],
  asin: ({ inputs: [x], gradient }) => [div(gradient, cosineOf(x!))],
  atan2: ({ inputs: [y, x], gradient }) => {
    const size = hypot(y!, x!);
    // A point at the origin has no angle, nor a slope.
    const share = div(gradient, where(binary("equal", [size, 0]), [1, size]));
    return [
      unbroadcast(mul(share, cosine(x!, size)), y!),
      unbroadcast(unary("neg", mul(share, cosine(y!, size))), x!),
    ];
  },
  digamma: ({ inputs: [x], gradient }) => [
    mul(gradient, polygamma(x!, 1)),
  ],
  hypot: ({ inputs, output: size, gradient }) =>
    inputs.map((side) => unbroadcast(mul(gradient, cosine(side, size)), side)),
  lgamma: ({ inputs: [x], gradient }) => [
    mul(gradient, apply(GAMMA_OPERATORS.digamma, [x!])),
  ],
  logAddExp: ({ inputs: [left, right], gradient }) => {
    const isEqual = binary("equal", [left!, right!]);
    const gap = where(isEqual, [0, sub(left!, right!)]);
    return [
      unbroadcast(mul(gradient, unary("sigmoid", gap)), left!),
      unbroadcast(mul(gradient, unary("sigmoid", unary("neg", gap))), right!),
    ];
  },
  logSumExp: ({ inputs: [x], gradient }, attributes) => {
    const axes = resolveAxes("logSumExp", x!.type.shape, attributes);
    const over = { axes, keepDims: true };
    const largest = reduce("max", x!, over);
    const isFinite = binary("less", [unary("abs", largest), Infinity]);
    const powers = unary("exp", sub(x!, where(isFinite, [largest, 0])));
    const sum = reduce("sum", powers, over);
    // Where all are -Infinity, each receives its share of nothing.
    const shares = div(powers, where(binary("equal", [sum, 0]), [1, sum]));
    return [mul(restoreAxes(gradient, x!, attributes), shares)];
  },
  logSigmoid: ({ inputs: [x], gradient }) => [
    mul(gradient, unary("sigmoid", unary("neg", x!))),
  ],
  polygamma: ({ inputs: [x], gradient }, { order }) => [
    mul(gradient, polygamma(x!, (order as number) + 1)),
  ],
  softplus: ({ inputs: [x], gradient }, { beta }) => [
    mul(gradient, unary("sigmoid", mul(x!, beta as number))),
  ],
};

/** A side of a right triangle over its longest; 0 where that has no length. */
function cosine(side: Node, size: Node): Node {
  const isNothing = binary("equal", [size, 0]);
  return where(isNothing, [0, div(side, where(isNothing, [1, size]))]);
}

function polygamma(x: Node, order: number): Node {
  return apply(GAMMA_OPERATORS.polygamma, [x], { order });
}

function hypot(left: Node, right: Node): Node {
  return apply(PAIR_OPERATORS.hypot, [left, right]);
}

/** √(1-x²), without a difference of squares. */
function cosineOf(x: Node): Node {
  return unary("sqrt", mul(sub(1, x), add(1, x)));
}
