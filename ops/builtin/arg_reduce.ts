/**
 * Operators that find where along an axis the largest or smallest element stands.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., ...]`, or `[..., 1, ...]` with `keepDims`; `int32`.
 * **Numerics**: the first of equal elements; the size of the axis where none equals the extreme,
 * because a `NaN` is in the line.
 *
 * @module
 */
import { type Coded, dtypeMismatch, resolveAxis } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { binary } from "./binary.ts";
import { NUMBER_DTYPES } from "./number_dtypes.ts";
import { iota } from "./iota.ts";
import { reduce, reducedShape } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { where } from "./where.ts";

/** Names of the operators. */
export type ArgReduceName = "argmax" | "argmin";

/** The operators by name. */
export const ARG_REDUCE_OPERATORS: Readonly<
  Record<ArgReduceName, CompositeOperator>
> = {
  argmax: argOperator("argmax", "max"),
  argmin: argOperator("argmin", "min"),
};

function argOperator(
  name: ArgReduceName,
  extreme: "max" | "min",
): CompositeOperator {
  return {
    kind: "composite",
    name,
    version: "1.0.0",
    description: `Where along an axis the ${extreme}imum first stands.`,
    schema: {
      inputs: ["x"],
      attributes: { axis: "integer", keepDims: "boolean" },
    },
    infer([x], { axis, keepDims }) {
      if (x!.dtype === "bool") {
        throw dtypeMismatch(name, x!.dtype, NUMBER_DTYPES);
      }
      const along = resolveAxis(name, axis as number, x!.shape);
      if (x!.shape[along] === 0) throw emptyAxis(name, along);
      const shape = reducedShape(name, x!.shape, {
        axes: along,
        keepDims: keepDims!,
      });
      return { dtype: "int32", shape };
    },
    decompose([x], { axis, keepDims }) {
      const { shape } = x!.type;
      const along = resolveAxis(name, axis as number, shape);
      const size = shape[along]!;
      const best = reduce(extreme, x!, { axes: along, keepDims: true });
      const places = reshape(
        iota(size),
        shape.map((_, i) => i === along ? size : 1),
      );
      const found = where(binary("equal", [x!, best]), [places, size]);
      return reduce("min", found, {
        axes: along,
        keepDims: keepDims === true,
      });
    },
  };
}

function emptyAxis(name: string, axis: number): Error & Coded {
  return attributeInvalid(
    name,
    "axis",
    `axis ${axis} has size 0, wanted at least one element`,
  );
}

/**
 * Finds an extreme along an axis.
 *
 * @param name Which extreme.
 * @param x The input.
 * @param attributes Which axis, and whether it stays with size 1.
 * @returns The places, `int32`.
 */
export function argReduce(
  name: ArgReduceName,
  x: Node,
  { axis, keepDims }: { readonly axis: number; readonly keepDims: boolean },
): Node {
  return apply(ARG_REDUCE_OPERATORS[name], [x], { axis, keepDims });
}
