import { equalShapes } from "../../core/base/mod.ts";
import type { Operand } from "../apply.ts";
import { add } from "../builtin/binary.ts";
import {
  gradientShapeMismatch,
  notDifferentiable,
  operatorArity,
} from "../errors.ts";
import { executeNodes } from "../execute_nodes.ts";
import {
  type ApplyNode,
  type Attributes,
  constant,
  type Node,
  type Operator,
} from "../graph/node.ts";
import { quietly } from "../observe_calls.ts";
import { pullBackCall } from "./pull_back.ts";

/** One call whose gradient is asked for. */
export interface BackwardCall {
  /** What went in. */
  readonly inputs: readonly Operand[];
  /** What came out. */
  readonly outputs: readonly Node[];
  /** Gradient of a loss with respect to each output. */
  readonly gradients: readonly Node[];
}

/**
 * Carries gradients from the outputs of one call back to its inputs.
 *
 * @param operator The operator.
 * @param call Inputs, outputs, and the outputs' gradients.
 * @param attributes The settings of the call.
 * @returns One gradient an input, of its shape; zeros where the outputs do not depend on it.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if the operator has no gradient.
 * @throws {TensorError} `OPERATOR_ARITY` if the numbers of inputs, outputs or gradients are wrong.
 * @throws {TensorError} `GRADIENT_SHAPE_MISMATCH` if a gradient has not the shape of what it is of.
 */
export function backwardNodes(
  operator: Operator,
  { inputs, outputs, gradients }: BackwardCall,
  attributes: Attributes = {},
): Node[] {
  const { name } = operator;
  if (operator.isDifferentiable === false) {
    throw notDifferentiable(`operator "${name}"`, "it has no gradient");
  }
  const calls = quietly(() => executeNodes(operator, inputs, attributes));
  const names = calls.map((_, i) => `output ${i}`);
  for (
    const [what, found] of [["outputs", outputs], ["gradients", gradients]]
  ) {
    if (found!.length === calls.length) continue;
    throw operatorArity(`the ${what} of ${name}`, names, found!.length);
  }
  calls.forEach(({ type: { shape } }, i) => {
    for (const { type } of [outputs[i]!, gradients[i]!]) {
      if (equalShapes(type.shape, shape)) continue;
      throw gradientShapeMismatch(name, names[i]!, {
        found: type.shape,
        wanted: shape,
      });
    }
  });
  return quietly(() => {
    const passed = calls.map((call, i) =>
      pullBackCall(call as ApplyNode, { // executeNodes() gives nothing else
        gradient: gradients[i]!,
        output: outputs[i]!,
      })
    );
    const [{ inputs: nodes }] = calls as [ApplyNode];
    return nodes.map((node, i) => {
      const found = passed.flatMap((list) => list[i] ?? []);
      return found.length > 0
        ? found.reduce((sum, next) => add(sum, next))
        : constant(0, node.type);
    });
  });
}
