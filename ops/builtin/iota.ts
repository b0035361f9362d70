import { assertShape } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";

/**
 * The whole numbers from 0: `y_i = i`.
 *
 * **Shapes**: `-> y [size]`, `int32`.
 *
 * **Cost**: no memory where it is part of a larger expression.
 */
export const iotaOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "iota",
  version: "1.0.0",
  description: "The whole numbers from 0.",
  schema: { inputs: [], attributes: { size: "integer" } },
  infer(_, { size }) {
    const shape = [size as number];
    assertShape("iota", shape);
    return { dtype: "int32", shape };
  },
  lowering: { kind: "iota" },
};

/**
 * Counts from 0; see {@linkcode iotaOperator}.
 *
 * @param size How many numbers.
 * @returns The numbers, `[size]`.
 */
export function iota(size: number): Node {
  return apply(iotaOperator, [], { size });
}
