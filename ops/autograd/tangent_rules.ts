/**
 * How fast the outputs of primitive operators change, by how they become kernels: what moves elements
 * or adds them up does the same to tangents, products change with one factor at a time, and what is
 * computed place by place has the same slope in both directions. All others are asked for their
 * gradient, which tells it, too.
 *
 * @module
 */
import { assertInvariant, equalShapes } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { assemble } from "../builtin/assemble.ts";
import { add } from "../builtin/binary.ts";
import { cast } from "../builtin/cast.ts";
import { expand } from "../builtin/expand.ts";
import {
  type ApplyNode,
  constant,
  type Lowering,
  type Node,
  type TensorType,
} from "../graph/node.ts";
import { differentiate } from "./pull_back.ts";
import { transposeTwice } from "./transpose_twice.ts";

/** How fast inputs change; `undefined` where they do not. One of them does. */
type Tangents = readonly (Node | undefined)[];

/**
 * Finds how fast the output of a primitive call changes.
 *
 * @param node The call.
 * @param tangents How fast its inputs change; `undefined` where they do not.
 * @returns How fast its output changes; `undefined` where it does not.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if the operator has no gradient.
 */
export function tangentOfPrimitive(
  node: ApplyNode,
  tangents: Tangents,
): Node | undefined {
  assertInvariant(node.operator.kind === "primitive", "composites have parts");
  const { lowering } = node.operator;
  switch (lowering.kind) {
    case "elementwise":
      return elementwise(node, tangents);
    case "view":
    case "gather":
    case "scatter":
      return linear(node, tangents, 0);
    case "scatterMax":
      return linear(node, tangents, 1);
    case "contract":
    case "convolution":
      return multilinear(node, tangents);
    case "reduce":
    case "scan":
      return isSum(node, lowering)
        ? linear(node, tangents, 0)
        : transposeTwice(node, tangents);
    case "assemble":
      return assembled(node, tangents);
    case "attention":
    case "rowProgram":
    case "sort":
    case "opaque":
      return transposeTwice(node, tangents);
    case "iota":
    case "random":
      return undefined;
    default:
      return lowering satisfies never;
  }
}

function isSum(
  { inputs, attributes, type }: ApplyNode,
  lowering: Extract<Lowering, { kind: "reduce" | "scan" }>,
): boolean {
  const combine = lowering.kind === "reduce"
    ? lowering.combine
    : lowering.describe({
      inputs: inputs.map((input) => input.type),
      output: type,
      attributes,
    }).combine;
  return combine === "add";
}

/** What is linear in one input does to its tangent what it does to the input. */
function linear(
  { operator, inputs, attributes }: ApplyNode,
  tangents: Tangents,
  place: number,
): Node | undefined {
  const tangent = tangents[place];
  return tangent && apply(operator, inputs.with(place, tangent), attributes);
}

/** What is linear in each input changes with one of them at a time. */
function multilinear(node: ApplyNode, tangents: Tangents): Node | undefined {
  return sum(tangents.map((_, place) => linear(node, tangents, place)));
}

/** Pieces that do not change leave zeros. */
function assembled(
  { operator, inputs, attributes, type }: ApplyNode,
  tangents: Tangents,
): Node {
  assertInvariant(
    operator.kind === "primitive" && operator.lowering.kind === "assemble",
    "pieces are assembled",
  );
  const { places } = operator.lowering.layout({
    inputs: inputs.map((input) => input.type),
    output: type,
    attributes,
  });
  const pieces = inputs.map((input, i) => tangents[i] ?? zeros(input.type));
  return assemble(pieces, {
    shape: type.shape,
    offsets: places.map(({ offset }) => offset),
    steps: places.map(({ steps }) => steps),
    value: 0,
  });
}

/**
 * Place by place a slope is one number, whichever way it is used: the gradient of an input, with its
 * tangent in place of the output's gradient.
 */
function elementwise(node: ApplyNode, tangents: Tangents): Node | undefined {
  const { type } = node;
  const inputs = node.inputs.map((input) => expanded(input, type));
  return sum(tangents.map((tangent, i) => {
    if (!tangent) return undefined;
    const gradient = expanded(held(tangent, type), type);
    const wanted = inputs.map((_, other) => other === i);
    const found =
      differentiate(node, { inputs, output: node, gradient, wanted })[i];
    return found && held(found, type);
  }));
}

function held(x: Node, { dtype }: TensorType): Node {
  return x.type.dtype === dtype ? x : cast(x, dtype);
}

function expanded(x: Node, { shape }: TensorType): Node {
  return equalShapes(x.type.shape, shape) ? x : expand(x, shape);
}

function sum(parts: readonly (Node | undefined)[]): Node | undefined {
  return parts.reduce((a, b) => a && b ? add(a, b) : a ?? b, undefined);
}

function zeros(type: TensorType): Node {
  return constant(0, type);
}
