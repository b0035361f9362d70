import { type ApplyNode, constant, type Node } from "../graph/node.ts";
import { differentiate, pullBack, type Seed } from "./pull_back.ts";

/**
 * Finds how fast the output of a call changes, by its gradient alone. The gradient is a linear function
 * of the output's gradient, `u -> Jᵀ u`; carrying tangents back through that function gives `J v`.
 *
 * A gradient that is not linear, because it clips for example, is taken as it is near 0.
 *
 * **Source**: Townsend, "A new trick for calculating Jacobian vector products" (2017).
 *
 * @param node The call.
 * @param tangents How fast its inputs change; `undefined` where they do not.
 * @returns How fast its output changes; `undefined` where it does not.
 */
export function transposeTwice(
  node: ApplyNode,
  tangents: readonly (Node | undefined)[],
): Node | undefined {
  const gradient = constant(0, node.type);
  const wanted = tangents.map((tangent) => tangent !== undefined);
  const seeds: Seed[] = [];
  const { inputs } = node;
  differentiate(node, { inputs, output: node, gradient, wanted })
    .forEach((found, i) => {
      const tangent = tangents[i];
      if (found && tangent) seeds.push([found, tangent]);
    });
  const [tangent] = pullBack(seeds, {
    targets: [gradient],
    stops: new Set<Node>([gradient, node, ...node.inputs]),
  });
  return tangent;
}
