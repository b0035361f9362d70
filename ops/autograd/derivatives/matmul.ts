/**
 * Derivative of the matrix product.
 *
 * @module
 */
import { matmul } from "../../builtin/matmul.ts";
import { swapLastAxes } from "../../builtin/permute.ts";
import { reshape } from "../../builtin/reshape.ts";
import type { Node, Vjp } from "../../graph/node.ts";
import { unbroadcast } from "./elementwise.ts";

/** Gradient of the matrix product, by name. */
export const MATMUL_DERIVATIVES: Readonly<Record<string, Vjp>> = {
  // y = a b: da = g bᵀ, db = aᵀ g.
  matmul({ inputs, gradient, wanted }) {
    const left = inputs[0]!;
    const right = inputs[1]!;
    const a = asRows(left);
    const b = asColumns(right);
    const isOfMatrices = left === a && right === b;
    const g = isOfMatrices ? gradient : reshape(gradient, [
      ...batchOf(gradient, left, right),
      a.type.shape.at(-2)!,
      b.type.shape.at(-1)!,
    ]);
    return [
      wanted?.[0] === false
        ? undefined
        : toInput(matmul(g, swapLastAxes(b)), left, a),
      wanted?.[1] === false
        ? undefined
        : toInput(matmul(swapLastAxes(a), g), right, b),
    ];
  },
};

/** A vector as a matrix of one row. */
function asRows(x: Node): Node {
  const { shape } = x.type;
  return shape.length === 1 ? reshape(x, [1, shape[0]!]) : x;
}

/** A vector as a matrix of one column. */
function asColumns(x: Node): Node {
  const { shape } = x.type;
  return shape.length === 1 ? reshape(x, [shape[0]!, 1]) : x;
}

/** The product's leading axes. */
function batchOf(product: Node, left: Node, right: Node): readonly number[] {
  const matrixAxes = Number(left.type.shape.length > 1) +
    Number(right.type.shape.length > 1);
  const { shape } = product.type;
  return shape.slice(0, shape.length - matrixAxes);
}

/** Adds up what broadcasting repeated, and gives a vector its own rank again. */
function toInput(gradient: Node, input: Node, asMatrix: Node): Node {
  const summed = unbroadcast(gradient, asMatrix);
  return input === asMatrix ? summed : reshape(summed, input.type.shape);
}
