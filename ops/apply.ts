import {
  type DType,
  DTYPES,
  isFloatDType,
  promoteDTypes,
} from "../core/base/mod.ts";
import { checkAttributes } from "./check_attributes.ts";
import { operatorArity } from "./errors.ts";
import {
  type ApplyNode,
  type Attributes,
  constant,
  type Node,
  type Operator,
  type TensorType,
  UNKNOWN_TYPE,
} from "./graph/node.ts";
import { announceCall } from "./observe_calls.ts";

// Shared, because large graphs are made of little else than calls without settings, and numbers.
const NO_ATTRIBUTES: Attributes = Object.freeze({});
const NUMBER_TYPES: ReadonlyMap<DType, TensorType> = new Map(
  DTYPES.map((dtype) => [dtype, { dtype, shape: [] }]),
);

/** What a call takes: a node, or a number, which adapts to the nodes beside it. */
export type Operand = Node | number;

/**
 * Adds one call of an operator to the graph. Types are inferred now, so that a mistake is reported
 * at the line that made it; nothing is computed.
 *
 * A number beside fractions takes their dtype, unrounded. Else it becomes `int32` if it is whole and
 * the other inputs have whole numbers, `float32` if not.
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
  attributes: Attributes = NO_ATTRIBUTES,
): Node {
  const { inputs: names, isVariadic } = operator.schema;
  const isComplete = isVariadic
    ? inputs.length >= names.length
    : inputs.length === names.length;
  if (!isComplete) throw operatorArity(operator.name, names, inputs.length);
  checkAttributes(operator, attributes);
  let hasNumber = false;
  // By index, here and below: until code is fast, iterators make most of what there is to collect.
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i]!;
    if (typeof input === "number") hasNumber = true;
    else if (input.type === UNKNOWN_TYPE) {
      return traced(operator, inputs, attributes);
    }
  }
  const nodes = hasNumber ? adaptNumbers(inputs) : inputs as readonly Node[];
  const types = new Array<TensorType>(nodes.length);
  for (let i = 0; i < nodes.length; i++) types[i] = nodes[i]!.type;
  const type = operator.infer(types, attributes);
  const node: ApplyNode = {
    kind: "apply",
    operator,
    inputs: nodes,
    attributes,
    type,
  };
  announceCall(node);
  return node;
}

/** Records a call whose types are not known. */
function traced(
  operator: Operator,
  operands: readonly Operand[],
  attributes: Attributes,
): Node {
  const type = UNKNOWN_TYPE;
  const inputs = operands.map((operand) =>
    typeof operand === "number" ? constant(operand, type) : operand
  );
  return { kind: "apply", operator, inputs, attributes, type };
}

/** Turns numbers into nodes of the dtype that suits the nodes beside them. */
function adaptNumbers(inputs: readonly Operand[]): readonly Node[] {
  let whole = false;
  let fraction: DType | undefined;
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i]!;
    if (typeof input === "number") continue;
    const { dtype } = input.type;
    if (isFloatDType(dtype)) {
      fraction = fraction ? promoteDTypes(fraction, dtype) : dtype;
    } else if (dtype !== "bool") whole = true;
  }
  return inputs.map((input) => {
    if (typeof input !== "number") return input;
    const isWhole = whole && Number.isInteger(input) &&
      Math.abs(input) < 2 ** 31;
    const dtype = fraction ?? (isWhole ? "int32" : "float32");
    return constant(input, NUMBER_TYPES.get(dtype)!);
  });
}
