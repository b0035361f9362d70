import { assertInvariant } from "../../core/base/mod.ts";
import type { Operand, RowProgramKernel } from "../../kernels/ir/mod.ts";
import type { ApplyNode, Node } from "../graph/node.ts";
import { callOf, loweringOf } from "./emitter.ts";

/**
 * Builds the kernel of a row program.
 *
 * @param node A call whose lowering is a row program.
 * @param see Shows an array over an index space, as an operand of the kernel.
 * @returns The kernel.
 */
export function rowProgramKernel(
  node: ApplyNode,
  see: (array: Node, space: readonly number[]) => Operand,
): RowProgramKernel {
  const lowering = loweringOf(node);
  assertInvariant(
    lowering.kind === "rowProgram",
    "the output is a row program",
  );
  const batch = node.type.shape.slice(0, -2);
  return {
    kind: "rowProgram",
    batch,
    program: lowering.program(callOf(node)),
    operands: node.inputs.map((input) =>
      see(input, [...batch, ...input.type.shape.slice(-2)])
    ),
    dtype: "float32",
  };
}
