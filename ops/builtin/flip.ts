import { apply } from "../apply.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { resolveAxes } from "./reduce.ts";
import { slice, SLICE_END } from "./slice.ts";

/**
 * The elements in reverse along some axes; `null` for all.
 *
 * **Shapes**: `x [...] -> y [...]`.
 *
 * **Cost**: none where the consumer can read backwards.
 *
 * **Source**: NumPy `flip`, PyTorch `torch.flip`.
 */
export const flipOperator: CompositeOperator = {
  kind: "composite",
  name: "flip",
  version: "1.0.0",
  description: "The elements in reverse along some axes.",
  schema: { inputs: ["x"], attributes: { axes: "axes" } },
  infer([x], attributes) {
    resolveAxes("flip", x!.shape, attributes);
    return x!;
  },
  decompose([x], attributes) {
    const { shape } = x!.type;
    const axes = new Set(resolveAxes("flip", shape, attributes));
    const choose = (flipped: number, kept: number) =>
      shape.map((_, axis) => axes.has(axis) ? flipped : kept);
    return slice(x!, {
      starts: choose(SLICE_END, 0),
      ends: choose(-SLICE_END - 1, SLICE_END),
      steps: choose(-1, 1),
    });
  },
};

/**
 * Reverses the order of elements; see {@linkcode flipOperator}.
 *
 * @param x The input.
 * @param axes The axes, or `null` for all.
 * @returns The same elements in reverse.
 */
export function flip(x: Node, axes: number | readonly number[] | null): Node {
  return apply(flipOperator, [x], { axes });
}
