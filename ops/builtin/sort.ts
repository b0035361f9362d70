/**
 * Operators that put elements along an axis in order.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., n, ...]`, or `[..., k, ...]` for the first `k`. **Numerics**:
 * `NaN` counts as the largest number, so it comes last when ascending and first when descending. Equal
 * elements stay in the order in which they were; of values, -0 comes before 0 when ascending. **Cost**:
 * keys are sorted by their digits, in time proportional to `n`; of the first few only those elements are
 * kept that may be among them. Lines are shared by threads, one line is not.
 *
 * **Source**: NumPy `sort` and `argsort` with `kind="stable"`; PyTorch `sort`, `topk`.
 *
 * @module
 */
import {
  type Coded,
  dtypeMismatch,
  resolveAxis,
  type Shape,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { Node, PrimitiveOperator, TensorType } from "../graph/node.ts";
import { NUMBER_DTYPES } from "./number_dtypes.ts";

/** Settings of {@linkcode sort} and {@linkcode argsort}. */
export interface SortAttributes {
  /** The axis. */
  readonly axis: number;
  /** Whether the largest element comes first. */
  readonly descending: boolean;
}

/** Settings of {@linkcode argTopK}. */
export interface TopKAttributes {
  /** The axis. */
  readonly axis: number;
  /** How many elements. */
  readonly k: number;
  /** Whether the largest are wanted, rather than the smallest. */
  readonly largest: boolean;
}

/** The elements along an axis in order. */
export const sortOperator: PrimitiveOperator = orderOperator(
  "sort",
  "values",
  "The elements along an axis in order.",
);

/** Where the elements along an axis stand, in their order; `int32`. */
export const argsortOperator: PrimitiveOperator = orderOperator(
  "argsort",
  "indices",
  "Where the elements along an axis stand, in their order.",
);

/** Where the `k` largest or smallest elements along an axis stand, in their order; `int32`. */
export const argTopKOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "argTopK",
  version: "1.0.0",
  description: "Where the first few elements along an axis stand.",
  schema: {
    inputs: ["x"],
    attributes: { axis: "integer", k: "integer", largest: "boolean" },
  },
  infer([x], { axis, k }) {
    const { shape } = numbers("argTopK", x!);
    const along = resolveAxis("argTopK", axis as number, shape);
    const count = k as number;
    if (count < 0 || count > shape[along]!) {
      throw outOfLine(count, shape, along);
    }
    return { dtype: "int32", shape: shape.with(along, count) };
  },
  lowering: {
    kind: "sort",
    describe: ({ inputs: [x], attributes: { axis, largest } }) => ({
      axis: resolveAxis("argTopK", axis as number, x!.shape),
      isDescending: largest === true,
      result: "indices",
    }),
  },
};

function orderOperator(
  name: "argsort" | "sort",
  result: "indices" | "values",
  description: string,
): PrimitiveOperator {
  return {
    kind: "primitive",
    name,
    version: "1.0.0",
    description,
    schema: {
      inputs: ["x"],
      attributes: { axis: "integer", descending: "boolean" },
    },
    infer([x], { axis }) {
      const { dtype, shape } = numbers(name, x!);
      resolveAxis(name, axis as number, shape);
      return { dtype: result === "indices" ? "int32" : dtype, shape };
    },
    lowering: {
      kind: "sort",
      describe: ({ inputs: [x], attributes: { axis, descending } }) => ({
        axis: resolveAxis(name, axis as number, x!.shape),
        isDescending: descending === true,
        result,
      }),
    },
  };
}

/** Requires elements that have an order worth the name. */
function numbers(name: string, type: TensorType): TensorType {
  if (type.dtype !== "bool") return type;
  throw dtypeMismatch(name, type.dtype, NUMBER_DTYPES);
}

function outOfLine(k: number, shape: Shape, axis: number): Error & Coded {
  return attributeInvalid(
    "argTopK",
    "k",
    `found ${k}, wanted a whole number from 0 to ${
      shape[axis]
    }, the size of axis ${axis}`,
  );
}

/**
 * Puts elements in order; see {@linkcode sortOperator}.
 *
 * @param x The elements.
 * @param attributes Along which axis, and in which order.
 * @returns The elements in order.
 */
export function sort(x: Node, { axis, descending }: SortAttributes): Node {
  return apply(sortOperator, [x], { axis, descending });
}

/**
 * Finds where elements stand, in their order; see {@linkcode argsortOperator}.
 *
 * @param x The elements.
 * @param attributes Along which axis, and in which order.
 * @returns Their places, `int32`.
 */
export function argsort(x: Node, { axis, descending }: SortAttributes): Node {
  return apply(argsortOperator, [x], { axis, descending });
}

/**
 * Finds where the largest or smallest elements stand; see {@linkcode argTopKOperator}.
 *
 * @param x The elements.
 * @param attributes Along which axis, how many, and which.
 * @returns Their places, `int32`.
 */
export function argTopK(
  x: Node,
  { axis, k, largest }: TopKAttributes,
): Node {
  return apply(argTopKOperator, [x], { axis, k, largest });
}
