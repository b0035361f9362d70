/**
 * Derivatives of the reductions and of what is made from them.
 *
 * @module
 */
import { binary, div, mul, sub } from "../../builtin/binary.ts";
import { cast } from "../../builtin/cast.ts";
import { expand } from "../../builtin/expand.ts";
import { reduce, reducedShape, resolveAxes } from "../../builtin/reduce.ts";
import { reshape } from "../../builtin/reshape.ts";
import { unary } from "../../builtin/unary.ts";
import { where } from "../../builtin/where.ts";
import type { Attributes, Node, Pullback, Vjp } from "../../graph/node.ts";

/** Gradients of the reductions, by name. */
export const REDUCE_DERIVATIVES: Readonly<Record<string, Vjp>> = {
  logSoftmax: ({ output: y, gradient }, { axis }) => {
    const total = reduce("sum", gradient, {
      axes: axis as number,
      keepDims: true,
    });
    return [sub(gradient, mul(unary("exp", y), total))];
  },
  max: extremeVjp,
  min: extremeVjp,
  prod: ({ inputs: [x], gradient }, attributes) => {
    // The product of all others: without a 0 it is a quotient; with one 0 only that element
    // receives anything; with two nobody does.
    const isZero = binary("equal", [x!, 0]);
    const others = where(isZero, [1, x!]);
    const along = {
      axes: resolveAxes("prod", x!.type.shape, attributes),
      keepDims: true,
    };
    const zeros = reduce("sum", isZero, along);
    const product = reduce("prod", others, along);
    const slope = where(isZero, [
      where(binary("equal", [zeros, 1]), [product, 0]),
      where(binary("equal", [zeros, 0]), [div(product, others), 0]),
    ]);
    return [mul(restoreAxes(gradient, x!, attributes), slope)];
  },
  // From ∂y_i/∂x_j = y_i (δ_ij - y_j). It needs the output only, so the input need not be kept.
  softmax: ({ output: y, gradient }, { axis }) => {
    const mean = reduce("sum", mul(y, gradient), {
      axes: axis as number,
      keepDims: true,
    });
    return [mul(y, sub(gradient, mean))];
  },
  sum: ({ inputs: [x], gradient }, attributes) => [
    expand(restoreAxes(gradient, x!, attributes), x!.type.shape),
  ],
};

/** Elements that are the extreme share the gradient evenly. */
function extremeVjp(
  { inputs: [x], output, gradient }: Pullback,
  attributes: Attributes,
): readonly Node[] {
  const isExtreme = cast(
    binary("equal", [x!, restoreAxes(output, x!, attributes)]),
    "float32",
  );
  const axes = resolveAxes("max", x!.type.shape, attributes);
  const count = reduce("sum", isExtreme, { axes, keepDims: true });
  return [
    mul(restoreAxes(gradient, x!, attributes), div(isExtreme, count)),
  ];
}

/**
 * Brings combined axes back, with size 1.
 *
 * @param y What a reduction gave, or its gradient.
 * @param x What was reduced.
 * @param attributes Settings of the reduction.
 * @returns The same elements, with as many axes as the input.
 */
export function restoreAxes(y: Node, x: Node, attributes: Attributes): Node {
  const shape = reducedShape("reduce", x.type.shape, {
    ...attributes,
    keepDims: true,
  });
  return reshape(y, shape);
}
