import type { DType } from "../core/base/mod.ts";
import { checkAttributes } from "./check_attributes.ts";
import { operatorArity } from "./errors.ts";
import {
  type Attributes,
  constant,
  type Node,
  type Operator,
  UNKNOWN_TYPE,
} from "./graph/node.ts";

/** What a call takes: a node, or a number, which adapts to the nodes beside it. */
export type Operand = Node | number;

/**
 * Adds one call of an operator to the graph. Types are inferred now, so that a mistake is reported
 * at the line that made it; nothing is computed.
 *
 * A number becomes `int32` if it is whole and the other inputs have whole numbers, else `float32`.
 * While a function is traced, types are not known: the call is recorded and checked when the trace
 * is put to use.
 *
 * @param operator The operator.
 * @param inputs Its inputs, in order.
 * @param attributes Its settings.
 * @returns The call's result.
 * @throws {TensorError} `OPERATOR_ARITY` or `ATTRIBUTE_INVALID` if the call does not fit the schema.
 */
export function apply(
  operator: Operator,
  inputs: readonly Operand[],
  attributes: Attributes = {},
): Node {
  if (inputs.length !== operator.schema.inputs.length) {
    throw operatorArity(operator.name, operator.schema.inputs, inputs.length);
  }
  checkAttributes(operator, attributes);
  const isTraced = inputs.some((input) =>
    typeof input !== "number" && input.type === UNKNOWN_TYPE
  );
  const nodes = isTraced
    ? inputs.map((input) =>
      typeof input === "number" ? constant(input, UNKNOWN_TYPE) : input
    )
    : adaptNumbers(inputs);
  const type = isTraced
    ? UNKNOWN_TYPE
    : operator.infer(nodes.map((node) => node.type), attributes);
  return { kind: "apply", operator, inputs: nodes, attributes, type };
}

/** Turns numbers into nodes of the dtype that suits the nodes beside them. */
function adaptNumbers(inputs: readonly Operand[]): readonly Node[] {
  let hasInt32 = false;
  let hasFloat32 = false;
  let hasNumber = false;
  for (const input of inputs) {
    if (typeof input === "number") hasNumber = true;
    else if (input.type.dtype === "int32") hasInt32 = true;
    else if (input.type.dtype === "float32") hasFloat32 = true;
  }
  if (!hasNumber) return inputs as readonly Node[];
  return inputs.map((input) => {
    if (typeof input !== "number") return input;
    const isWhole = hasInt32 && !hasFloat32 && Number.isInteger(input) &&
      Math.abs(input) < 2 ** 31;
    const dtype: DType = isWhole ? "int32" : "float32";
    return constant(input, { dtype, shape: [] });
  });
}
