import { assertInvariant } from "../../core/base/mod.ts";
import {
  type AttentionKernel,
  attentionSpaces,
  type Operand,
} from "../../kernels/ir/mod.ts";
import type { ApplyNode, Node } from "../graph/node.ts";
import { callOf, loweringOf } from "./emitter.ts";

/**
 * Lists the arrays that an attention reads: all its inputs, but for a mask that masks nothing.
 *
 * @param call A call whose lowering is an attention.
 * @returns The inputs.
 */
export function arraysOf({ inputs }: ApplyNode): readonly Node[] {
  const mask = inputs.at(-1)!;
  const isNeutral = mask.kind === "constant" &&
    mask.value === (mask.type.dtype === "bool" ? 1 : 0);
  return isNeutral ? inputs.slice(0, -1) : inputs;
}

/**
 * Builds the kernel of an attention.
 *
 * @param node A call whose lowering is an attention.
 * @param see Shows an array over an index space, as an operand of the kernel.
 * @returns The kernel.
 */
export function attentionKernel(
  node: ApplyNode,
  see: (array: Node, space: readonly number[]) => Operand,
): AttentionKernel {
  const lowering = loweringOf(node);
  assertInvariant(lowering.kind === "attention", "the output is an attention");
  const { role } = lowering;
  const [query, key, value] = node.inputs as [Node, Node, Node];
  const { shape } = node.type;
  const head: Omit<AttentionKernel, "operands"> = {
    kind: "attention",
    role,
    batch: shape.slice(0, role === "output" ? -2 : -1),
    queries: query.type.shape.at(-2)!,
    keys: key.type.shape.at(-2)!,
    depth: query.type.shape.at(-1)!,
    width: role === "logSumExp" ? 0 : value.type.shape.at(-1)!,
    scale: lowering.scale(callOf(node)),
    isCausal: node.attributes.causal === true,
    dtype: "float32",
  };
  const spaces = attentionSpaces(head);
  return {
    ...head,
    operands: arraysOf(node).map((array, i) => see(array, spaces[i]!)),
  };
}
