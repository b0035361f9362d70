import { resolveAxis, type Shape, shapeMismatch } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { Attributes, CompositeOperator, Node } from "../graph/node.ts";
import { mul } from "./binary.ts";
import { computeEquation, outputShape, resultDType } from "./einsum.ts";
import type { Equation, Label } from "./einsum_spec.ts";

/** Settings of {@linkcode tensordot}. */
export interface TensordotAttributes {
  /** Axes of the left input. */
  readonly left: readonly number[];
  /** The axis of the right input that belongs to each of them. */
  readonly right: readonly number[];
}

/**
 * Sums of products over pairs of axes, one of each input; what is left of the left input's axes comes
 * first in the output.
 *
 * **Shapes**: `left [a..., k...], right [k..., b...] -> y [a..., b...]`, with the axes in any order.
 *
 * **Numerics**: as `einsum`.
 *
 * **Source**: NumPy `tensordot`, with two lists of axes.
 */
export const tensordotOperator: CompositeOperator = {
  kind: "composite",
  name: "tensordot",
  version: "1.0.0",
  description: "Sums of products over pairs of axes.",
  schema: {
    inputs: ["left", "right"],
    attributes: { left: "integers", right: "integers" },
  },
  infer(inputs, attributes) {
    const shapes = inputs.map(({ shape }) => shape);
    const equation = tensordotEquation(shapes, attributes);
    const dtypes = inputs.map(({ dtype }) => dtype);
    return {
      dtype: resultDType(equation, dtypes),
      shape: outputShape(equation),
    };
  },
  decompose(inputs, attributes) {
    const shapes = inputs.map(({ type }) => type.shape);
    return computeEquation(tensordotEquation(shapes, attributes), inputs);
  },
};

/** Writes pairs of axes as one label each. */
function tensordotEquation(
  [left, right]: readonly Shape[],
  attributes: Attributes,
): Equation {
  const pairs = [
    resolveDistinct("left", left!, attributes),
    resolveDistinct("right", right!, attributes),
  ] as const;
  if (pairs[0].length !== pairs[1].length) {
    throw attributeInvalid(
      "tensordot",
      "right",
      `found ${pairs[1].length} axes, wanted as many as in "left" (${
        pairs[0].length
      })`,
    );
  }
  const labels = [
    left!.map((_, axis): Label => `left ${axis}`),
    right!.map((_, axis): Label => `right ${axis}`),
  ] as const;
  pairs[0].forEach((axis, i) => {
    const other = pairs[1][i]!;
    if (left![axis] !== right![other]) {
      throw shapeMismatch("tensordot", left!, right!, {
        rule: `axes ${axis} and ${other}, which are summed, must be equal`,
      });
    }
    labels[1][other] = labels[0][axis]!;
  });
  const output = [
    ...labels[0].filter((_, axis) => !pairs[0].includes(axis)),
    ...labels[1].filter((_, axis) => !pairs[1].includes(axis)),
  ];
  const sizes = new Map<Label, number>();
  labels[0].forEach((label, axis) => sizes.set(label, left![axis]!));
  labels[1].forEach((label, axis) => sizes.set(label, right![axis]!));
  return { operands: labels, output, sizes };
}

function resolveDistinct(
  side: "left" | "right",
  shape: Shape,
  attributes: Attributes,
): readonly number[] {
  const listed = attributes[side] as readonly number[];
  const axes = listed.map((axis) => resolveAxis("tensordot", axis, shape));
  if (new Set(axes).size === axes.length) return axes;
  throw attributeInvalid(
    "tensordot",
    side,
    `found [${listed}], wanted each axis at most once`,
  );
}

/**
 * Sums products over pairs of axes; see {@linkcode tensordotOperator}.
 *
 * @param left The left input.
 * @param right The right input.
 * @param attributes Which axes belong together.
 * @returns The sums.
 */
export function tensordot(
  left: Node,
  right: Node,
  attributes: TensordotAttributes,
): Node {
  return apply(tensordotOperator, [left, right], {
    left: [...attributes.left],
    right: [...attributes.right],
  });
}

/**
 * The dot product: of the last axis of the left input and the last but one of the right, or its only
 * one. A scalar multiplies.
 *
 * **Shapes**: `left [n], right [n] -> y []`; `left [a..., n], right [n] -> y [a...]`;
 * `left [a..., n], right [b..., n, c] -> y [a..., b..., c]`.
 *
 * **Numerics**: as `einsum`.
 *
 * **Source**: NumPy `dot`; for two vectors PyTorch `torch.dot`.
 */
export const dotOperator: CompositeOperator = {
  kind: "composite",
  name: "dot",
  version: "1.0.0",
  description: "The dot product over the last axis and the last but one.",
  schema: { inputs: ["left", "right"], attributes: {} },
  infer(inputs) {
    const equation = dotEquation(inputs.map(({ shape }) => shape));
    const dtypes = inputs.map(({ dtype }) => dtype);
    return {
      dtype: resultDType(equation, dtypes),
      shape: outputShape(equation),
    };
  },
  decompose(inputs) {
    const shapes = inputs.map(({ type }) => type.shape);
    const isScalar = shapes.some((shape) => shape.length === 0);
    return isScalar
      ? mul(inputs[0]!, inputs[1]!)
      : computeEquation(dotEquation(shapes), inputs);
  },
};

function dotEquation([left, right]: readonly Shape[]): Equation {
  const shapes = [left!, right!];
  const isScalar = left!.length === 0 || right!.length === 0;
  if (isScalar) return tensordotEquation(shapes, { left: [], right: [] });
  const axis = right!.length === 1 ? 0 : right!.length - 2;
  if (left!.at(-1) !== right![axis]) {
    throw shapeMismatch("dot", left!, right!, {
      rule: "the last size of the left must equal the last but one of the " +
        "right, or its only one",
    });
  }
  return tensordotEquation(shapes, { left: [-1], right: [axis] });
}

/**
 * Takes the dot product; see {@linkcode dotOperator}.
 *
 * @param left The left input.
 * @param right The right input.
 * @returns The product.
 */
export function dot(left: Node, right: Node): Node {
  return apply(dotOperator, [left, right]);
}
