/**
 * Operators that combine all elements along some axes.
 *
 * A family is a table: one row an operator, one rule for all of them. **Shapes**: `x [..., n, ...] ->
 * y [..., ...]`, or `[..., 1, ...]` with `keepDims`. `axes` is an axis, a list of axes, or `null` for
 * all. **Numerics**: sums and products of `bool` and `int8` are `int32`; fractions are added in
 * `float32` in blocks, whatever they are stored as, so that the error stays near that of one
 * rounding; `max` and `min` pass a `NaN` on. An empty line gives the
 * neutral element: 0, 1, `-Infinity`, `Infinity`, or the limits of `int32`.
 *
 * @module
 */
import {
  type DType,
  dtypeMismatch,
  resolveAxis,
  type Shape,
} from "../../core/base/mod.ts";
import { NUMBER_DTYPES, promoteWhole } from "./number_dtypes.ts";
import type { CombineFn } from "../../kernels/ir/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { Attributes, Node, PrimitiveOperator } from "../graph/node.ts";

/** Settings of a reduction. */
export interface ReduceAttributes {
  /** An axis, axes, or `null` for all of them. */
  readonly axes: number | readonly number[] | null;
  /** Whether combined axes stay, with size 1. */
  readonly keepDims: boolean;
}

/** Names of the operators. */
export type ReduceName = "sum" | "prod" | "max" | "min" | "any" | "all";

const ROWS: Readonly<Record<ReduceName, readonly [CombineFn, string]>> = {
  all: ["and", "Whether all elements along some axes are true."],
  any: ["or", "Whether one element along some axes is true."],
  max: ["maximum", "The largest element along some axes."],
  min: ["minimum", "The smallest element along some axes."],
  prod: ["mul", "The product of the elements along some axes."],
  sum: ["add", "The sum of the elements along some axes."],
};

/** The operators by name. */
export const REDUCE_OPERATORS: Readonly<Record<ReduceName, PrimitiveOperator>> =
  Object.fromEntries(
    Object.entries(ROWS).map(([name, [combine, description]]) => [
      name,
      reduceOperator(name as ReduceName, { combine, description }),
    ]),
  ) as Record<ReduceName, PrimitiveOperator>; // one entry for each row

function reduceOperator(
  name: ReduceName,
  { combine, description }: {
    readonly combine: CombineFn;
    readonly description: string;
  },
): PrimitiveOperator {
  return {
    kind: "primitive",
    name,
    version: "1.0.0",
    description,
    schema: {
      inputs: ["x"],
      attributes: { axes: "axes", keepDims: "boolean" },
    },
    infer: (inputs, attributes) => ({
      dtype: reducedDType(name, inputs[0]!.dtype),
      shape: reducedShape(name, inputs[0]!.shape, attributes),
    }),
    lowering: {
      kind: "reduce",
      combine,
      axes: ({ inputs: [x], attributes }) =>
        resolveAxes(name, x!.shape, attributes),
    },
  };
}

function reducedDType(name: ReduceName, dtype: DType): DType {
  switch (name) {
    case "sum":
    case "prod":
      return dtype === "bool" ? "int32" : promoteWhole(dtype);
    case "max":
    case "min":
      if (dtype === "bool") {
        throw dtypeMismatch(name, dtype, NUMBER_DTYPES);
      }
      return dtype;
    case "any":
    case "all":
      if (dtype !== "bool") throw dtypeMismatch(name, dtype, ["bool"]);
      return dtype;
    default:
      return name satisfies never;
  }
}

/**
 * Finds which axes a reduction combines.
 *
 * @param operation Name of the operator, for messages.
 * @param shape Shape of the input.
 * @param attributes Its settings.
 * @returns Indices of the axes, in order.
 */
export function resolveAxes(
  operation: string,
  shape: Shape,
  { axes }: Attributes,
): readonly number[] {
  if (axes === null) return shape.map((_, axis) => axis);
  const listed = (typeof axes === "number" ? [axes] : axes) as number[];
  const resolved = listed.map((axis) => resolveAxis(operation, axis, shape));
  if (resolved.some((axis, i) => resolved.indexOf(axis) !== i)) {
    throw attributeInvalid(
      operation,
      "axes",
      `found [${listed}], wanted each axis at most once`,
    );
  }
  return resolved.sort((a, b) => a - b);
}

/**
 * Finds the shape that is left when some axes are combined.
 *
 * @param operation Name of the operator, for messages.
 * @param shape Shape of the input.
 * @param attributes Which axes, and whether they stay with size 1.
 * @returns The shape of the output.
 */
export function reducedShape(
  operation: string,
  shape: Shape,
  attributes: Attributes,
): Shape {
  const combined = resolveAxes(operation, shape, attributes);
  return attributes.keepDims
    ? shape.map((size, axis) => combined.includes(axis) ? 1 : size)
    : shape.filter((_, axis) => !combined.includes(axis));
}

/**
 * Applies one of the reductions.
 *
 * @param name Name of the reduction.
 * @param x The input.
 * @param attributes Which axes, and whether they stay with size 1.
 * @returns The combined elements.
 */
export function reduce(
  name: ReduceName,
  x: Node,
  { axes, keepDims }: ReduceAttributes,
): Node {
  return apply(REDUCE_OPERATORS[name], [x], { axes, keepDims });
}

/**
 * Adds up the elements that broadcasting has repeated, which is the gradient of repeating them.
 *
 * @param x A tensor that some `shape` was broadcast to.
 * @param shape The shape before broadcasting.
 * @returns The sums, of that shape except for leading axes, which have size 1.
 */
export function sumToKeepDims(x: Node, shape: Shape): Node {
  const extra = x.type.shape.length - shape.length;
  const axes = x.type.shape.flatMap((size, axis) =>
    axis < extra || (shape[axis - extra] === 1 && size !== 1) ? [axis] : []
  );
  return axes.length === 0 ? x : reduce("sum", x, { axes, keepDims: true });
}
