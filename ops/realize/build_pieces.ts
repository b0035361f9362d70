import { assertInvariant } from "../../core/base/mod.ts";
import type {
  AssembleKernel,
  Expression,
  Operand,
  ScatterMaxKernel,
} from "../../kernels/ir/mod.ts";
import type { ApplyNode, Node, ViewStep } from "../graph/node.ts";
import { callOf, loweringOf } from "./emitter.ts";
import { applySteps, wholeView } from "./view.ts";

/**
 * Builds the kernel that puts an array together from pieces.
 *
 * @param node The array.
 * @param bodyOf Writes the value of one element of an input.
 * @returns The kernel without its operands.
 */
export function piecesOf(
  node: ApplyNode,
  bodyOf: (input: Node) => Expression,
): Omit<AssembleKernel, "operands"> {
  const lowering = loweringOf(node);
  assertInvariant(lowering.kind === "assemble", "the output is assembled");
  const { dtype, shape } = node.type;
  const { places, value } = lowering.layout(callOf(node));
  const pieces = node.inputs.flatMap((input, i) =>
    // What is empty changes nothing.
    input.type.shape.includes(0)
      ? []
      : [{ shape: input.type.shape, ...places[i]!, body: bodyOf(input) }]
  );
  return { kind: "assemble", shape, value, pieces, dtype };
}

/**
 * Builds the kernel that adds elements where the largest of blocks stand.
 *
 * @param node The sums.
 * @param addArray Adds an operand that is seen through steps.
 * @returns The kernel.
 */
export function scatterMaxKernel(
  node: ApplyNode,
  addArray: (array: Node, steps: readonly ViewStep[]) => Operand,
): ScatterMaxKernel {
  const lowering = loweringOf(node);
  assertInvariant(lowering.kind === "scatterMax", "the output is a scatter");
  const [values, elements] = node.inputs as [Node, Node];
  const { steps, over } = lowering.blocks(callOf(node));
  const target = applySteps(wholeView(node.type.shape), steps);
  assertInvariant(target, "windows of an array can always be expressed");
  const rank = target.shape.length - over;
  return {
    kind: "scatterMax",
    shape: target.shape.slice(0, rank),
    over: target.shape.slice(rank),
    operands: [addArray(values, steps), addArray(elements, [])],
    output: node.type.shape,
    target: target.strides,
    dtype: "float32",
  };
}
