/**
 * Derivatives of the reductions and of what is made from them.
 *
 * @module
 */
import { binary, div, mul, sub } from "../../builtin/binary.ts";
import { cast } from "../../builtin/cast.ts";
import { expand } from "../../builtin/expand.ts";
import { permute } from "../../builtin/permute.ts";
import { reduce, reducedShape, resolveAxes } from "../../builtin/reduce.ts";
import { reshape } from "../../builtin/reshape.ts";
import { scan } from "../../builtin/scan.ts";
import { unary } from "../../builtin/unary.ts";
import { equalShapes, sizeOf } from "../../../core/base/mod.ts";
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
  // Not a quotient: that has no second derivative where an element is 0.
  prod: ({ inputs: [x], gradient }, attributes) => [
    mul(restoreAxes(gradient, x!, attributes), productOfOthers(x!, attributes)),
  ],
  // From ∂y_i/∂x_j = y_i (δ_ij - y_j). It needs the output only, so the input need not be kept.
  softmax: ({ output: y, gradient }, { axis }) => {
    const mean = reduce("sum", mul(y, gradient), {
      axes: axis as number,
      keepDims: true,
    });
    return [mul(y, sub(gradient, mean))];
  },
  sum: ({ inputs, gradient }, attributes) => [
    expand(
      restoreAxes(gradient, inputs[0]!, attributes),
      inputs[0]!.type.shape,
    ),
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

/** For each element the product of all others: of those before it, and of those behind it. */
function productOfOthers(x: Node, attributes: Attributes): Node {
  const { shape } = x.type;
  const combined = resolveAxes("prod", shape, attributes);
  const kept = shape.map((_, axis) => axis).filter((axis) =>
    !combined.includes(axis)
  );
  const order = [...kept, ...combined];
  const moved = permute(x, order);
  const line = sizeOf(combined.map((axis) => shape[axis]!));
  const flat = reshape(moved, [...kept.map((axis) => shape[axis]!), line]);
  const along = { axis: -1, exclusive: true };
  const product = mul(
    scan("cumprod", flat, { ...along, reverse: false }),
    scan("cumprod", flat, { ...along, reverse: true }),
  );
  return permute(
    reshape(product, moved.type.shape),
    order.map((_, axis) => order.indexOf(axis)),
  );
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
  return equalShapes(y.type.shape, shape) ? y : reshape(y, shape);
}
