import type { DType } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";

/**
 * The same numbers in another dtype.
 *
 * **Shapes**: `x [...] -> y [...]`.
 *
 * **Numerics**: what becomes a half type is rounded to the nearest, halves to the even one, and is
 * infinite where it is too large. Fractions are cut towards 0 and clamped to the range of `int32` or
 * `int8`, as are whole numbers to that of `int8`; `NaN` becomes 0. `bool` is whether a number is not 0.
 * Rounding is never left out, even where the value is not stored.
 */
export const castOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "cast",
  version: "1.0.0",
  description: "The same numbers in another dtype.",
  schema: { inputs: ["x"], attributes: { dtype: "dtype" } },
  infer: ([x], { dtype }) => ({ shape: x!.shape, dtype: dtype as DType }),
  lowering: {
    kind: "elementwise",
    emit: (builder, [x], { output }) => builder.cast(x!, output.dtype),
  },
};

/**
 * Converts to another dtype; see {@linkcode castOperator}.
 *
 * @param x The input, `[...]`.
 * @param dtype The dtype wanted.
 * @returns The same numbers, `[...]`.
 */
export function cast(x: Node, dtype: DType): Node {
  return apply(castOperator, [x], { dtype });
}
