import {
  broadcastShapes,
  dtypeMismatch,
  promoteDTypes,
  valueDType,
} from "../../core/base/mod.ts";
import { apply, type Operand } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";

/**
 * One input where a condition is true, the other elsewhere: `y = condition ? whenTrue : whenFalse`.
 *
 * **Shapes**: `condition [...], whenTrue [...], whenFalse [...] -> y [...]` by NumPy broadcasting.
 *
 * **Numerics**: the value not chosen does not matter, `NaN` or not; its gradient is 0.
 */
export const whereOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "where",
  version: "1.0.0",
  description: "One input where a condition is true, the other elsewhere.",
  schema: { inputs: ["condition", "whenTrue", "whenFalse"], attributes: {} },
  infer([condition, whenTrue, whenFalse]) {
    if (condition!.dtype !== "bool") {
      throw dtypeMismatch("where", condition!.dtype, ["bool"]);
    }
    const values = broadcastShapes("where", whenTrue!.shape, whenFalse!.shape);
    return {
      dtype: promoteDTypes(whenTrue!.dtype, whenFalse!.dtype),
      shape: broadcastShapes("where", condition!.shape, values),
    };
  },
  lowering: {
    kind: "elementwise",
    emit: (builder, [condition, whenTrue, whenFalse], { output }) =>
      builder.select(condition!, [
        builder.hold(whenTrue!, valueDType(output.dtype)),
        builder.hold(whenFalse!, valueDType(output.dtype)),
      ]),
  },
};

/**
 * Chooses element by element; see {@linkcode whereOperator}.
 *
 * @param condition The condition, `bool`.
 * @param values What to give where it is true, and where it is false.
 * @returns The choice, of the broadcast shape.
 */
export function where(
  condition: Node,
  [whenTrue, whenFalse]: readonly [whenTrue: Operand, whenFalse: Operand],
): Node {
  return apply(whereOperator, [condition, whenTrue, whenFalse]);
}
