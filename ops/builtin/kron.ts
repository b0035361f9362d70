import { assertShape, promoteDTypes, type Shape } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { mul } from "./binary.ts";
import { reshape } from "./reshape.ts";

/**
 * The Kronecker product: every element of the left input, replaced by that element times the right.
 *
 * **Shapes**: `left [..., m], right [..., n] -> y [..., m n]` along each axis; the input with fewer
 * axes gets axes of size 1 in front.
 *
 * **Numerics**: as `mul`.
 *
 * **Source**: NumPy `kron`.
 */
export const kronOperator: CompositeOperator = {
  kind: "composite",
  name: "kron",
  version: "1.0.0",
  description: "The Kronecker product.",
  schema: { inputs: ["left", "right"], attributes: {} },
  infer([left, right]) {
    const [a, b] = sameRank(left!.shape, right!.shape);
    const shape = a.map((size, axis) => size * b[axis]!);
    assertShape("kron", shape);
    const widest = promoteDTypes(left!.dtype, right!.dtype);
    return { dtype: promoteDTypes(widest, "int32"), shape };
  },
  decompose([left, right]) {
    const [a, b] = sameRank(left!.type.shape, right!.type.shape);
    const product = mul(
      reshape(left!, a.flatMap((size) => [size, 1])),
      reshape(right!, b.flatMap((size) => [1, size])),
    );
    return reshape(product, a.map((size, axis) => size * b[axis]!));
  },
};

function sameRank(a: Shape, b: Shape): readonly [Shape, Shape] {
  const rank = Math.max(a.length, b.length);
  const fill = (shape: Shape) => [
    ...new Array<number>(rank - shape.length).fill(1),
    ...shape,
  ];
  return [fill(a), fill(b)];
}

/**
 * Takes the Kronecker product; see {@linkcode kronOperator}.
 *
 * @param left The left input.
 * @param right The right input.
 * @returns The product.
 */
export function kron(left: Node, right: Node): Node {
  return apply(kronOperator, [left, right]);
}
