import { assertShape, dtypeMismatch } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { binary } from "./binary.ts";
import { cast } from "./cast.ts";
import { iota } from "./iota.ts";
import { reshape } from "./reshape.ts";

/**
 * A line for each index: 1 where the index points, 0 elsewhere.
 *
 * **Shapes**: `x [...i] -> y [...i, classes]`, `float32`.
 *
 * **Numerics**: the line of an index outside `[0, classes)` is 0 everywhere.
 *
 * **Source**: PyTorch `one_hot`, JAX `jax.nn.one_hot`.
 */
export const oneHotOperator: CompositeOperator = {
  kind: "composite",
  name: "oneHot",
  version: "1.0.0",
  description: "A line for each index: 1 where it points, 0 elsewhere.",
  schema: { inputs: ["x"], attributes: { classes: "integer" } },
  infer([x], { classes }) {
    if (x!.dtype !== "int32") {
      throw dtypeMismatch("oneHot", x!.dtype, ["int32"]);
    }
    const shape = [...x!.shape, classes as number];
    assertShape("oneHot", shape);
    return { dtype: "float32", shape };
  },
  decompose([x], { classes }) {
    const column = reshape(x!, [...x!.type.shape, 1]);
    const places = iota(classes as number);
    return cast(binary("equal", [column, places]), "float32");
  },
};

/**
 * Turns indices into lines; see {@linkcode oneHotOperator}.
 *
 * @param x The indices, `int32`.
 * @param classes How long a line is.
 * @returns The lines.
 */
export function oneHot(x: Node, classes: number): Node {
  return apply(oneHotOperator, [x], { classes });
}
