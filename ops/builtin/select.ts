import { resolveAxis, type Shape } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { Attributes, CompositeOperator, Node } from "../graph/node.ts";
import { reshape } from "./reshape.ts";
import { sliceAxis } from "./slice.ts";

/**
 * What stands at one place of an axis, which is not in the output.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., ...]`.
 *
 * **Numerics**: a negative index counts from the end; one outside `[-n, n)` is an error.
 *
 * **Source**: PyTorch `torch.select`.
 */
export const selectOperator: CompositeOperator = {
  kind: "composite",
  name: "select",
  version: "1.0.0",
  description: "What stands at one place of an axis.",
  schema: {
    inputs: ["x"],
    attributes: { axis: "integer", index: "integer" },
  },
  infer: ([x], attributes) => {
    const { axis } = resolveSelect(x!.shape, attributes);
    return { dtype: x!.dtype, shape: x!.shape.toSpliced(axis, 1) };
  },
  decompose([x], attributes) {
    const { shape } = x!.type;
    const { axis, index } = resolveSelect(shape, attributes);
    const taken = sliceAxis(x!, axis, { start: index, end: index + 1 });
    return reshape(taken, shape.toSpliced(axis, 1));
  },
};

function resolveSelect(
  shape: Shape,
  attributes: Attributes,
): { readonly axis: number; readonly index: number } {
  const axis = resolveAxis("select", attributes.axis as number, shape);
  const wanted = attributes.index as number;
  const size = shape[axis]!;
  const index = wanted < 0 ? wanted + size : wanted;
  if (index < 0 || index >= size) {
    throw attributeInvalid(
      "select",
      "index",
      `found ${wanted}, wanted a whole number from ${-size} to ${
        size - 1
      } (axis ${axis} of shape [${shape}])`,
    );
  }
  return { axis, index };
}

/**
 * Takes what stands at one place of an axis; see {@linkcode selectOperator}.
 *
 * @param x The input.
 * @param axis The axis.
 * @param index The place.
 * @returns What stands there, without the axis.
 */
export function select(x: Node, axis: number, index: number): Node {
  return apply(selectOperator, [x], { axis, index });
}
