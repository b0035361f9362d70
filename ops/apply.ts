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
  const isTraced = inputs.some(isUnknown);
  const nodes = isTraced
    ? inputs.map((input) =>
      typeof input === "number" ? constant(input, UNKNOWN_TYPE) : input
    )
    : adaptNumbers(inputs);
  if (isTraced) {
    const type = UNKNOWN_TYPE;
    return { kind: "apply", operator, inputs: nodes, attributes, type };
  }
  const type = operator.infer(nodes.map(typeOf), attributes);
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

// Not in place: a closure for each call would be one more thing to collect.
function isUnknown(input: Operand): boolean {
  return typeof input !== "number" && input.type === UNKNOWN_TYPE;
}

function typeOf({ type }: Node): TensorType {
  return type;
}

/** Turns numbers into nodes of the dtype that suits the nodes beside them. */
function adaptNumbers(inputs: readonly Operand[]): readonly Node[] {
  let whole = false;
  let fraction: DType | undefined;
  let hasNumber = false;
  for (const input of inputs) {
    if (typeof input === "number") {
      hasNumber = true;
      continue;
    }
    const { dtype } = input.type;
    if (isFloatDType(dtype)) {
      fraction = fraction ? promoteDTypes(fraction, dtype) : dtype;
    } else if (dtype !== "bool") whole = true;
  }
  if (!hasNumber) return inputs as readonly Node[];
  return inputs.map((input) => {
    if (typeof input !== "number") return input;
    const isWhole = whole && Number.isInteger(input) &&
      Math.abs(input) < 2 ** 31;
    const dtype = fraction ?? (isWhole ? "int32" : "float32");
    return constant(input, NUMBER_TYPES.get(dtype)!);
  });
}
