import { apply, type Operand } from "./apply.ts";
import type { ApplyNode, Attributes, Node, Operator } from "./graph/node.ts";
import { announceOutputs, quietly } from "./observe_calls.ts";

/**
 * Adds one call of an operator to the graph, for all of its outputs. It is announced once.
 *
 * @param operator The operator.
 * @param inputs Its inputs, in order.
 * @param attributes Its settings; those that have a default may be left out.
 * @returns One node an output.
 * @throws {TensorError} `OPERATOR_ARITY` or `ATTRIBUTE_INVALID` if the call does not fit the schema.
 */
export function executeNodes(
  operator: Operator,
  inputs: readonly Operand[],
  attributes: Attributes = {},
): Node[] {
  const settings = { ...operator.defaults, ...attributes };
  const { parts } = operator;
  if (!parts) return [apply(operator, inputs, settings)];
  const calls = quietly(() =>
    parts.map((part) => apply(part, inputs, settings))
  );
  announceOutputs(calls as ApplyNode[]); // apply() gives nothing else
  return calls;
}
