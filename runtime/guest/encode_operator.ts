import type { EncodedContribution } from "../../core/sandbox/guest/mod.ts";
import type {
  CallableOperator,
  OperatorDefinition,
} from "../../ops/define/definition.ts";
import { defineOperator } from "../../ops/define_operator.ts";
import { type Node, placeholder, UNKNOWN_TYPE } from "../../ops/graph/node.ts";
import { encodeTrace } from "../../ops/trace/encode_trace.ts";
import type { Trace } from "../../ops/trace/trace.ts";
import { attributesNotTraced } from "./errors.ts";
import { isKnownToHost } from "./host_operators.ts";

/**
 * Records an operator as data: what it computes, and its gradient where it brings one. The function
 * itself stays in the sandbox, and is not needed any more.
 *
 * @param definition A definition, or an operator made from one.
 * @returns What the host makes its operator from.
 * @throws {TensorError} `OPERATOR_INVALID` if the definition does not hold together.
 * @throws {GuestError} `ATTRIBUTES_NOT_TRACED` if it has attributes.
 */
export function encodeOperator(definition: object): EncodedContribution {
  const operator = isOperator(definition)
    ? definition
    : defineOperator(definition as OperatorDefinition); // checked there
  const { name, version, description, schema } = operator;
  if (Object.keys(schema.attributes).length > 0) {
    throw attributesNotTraced(name);
  }
  const data = {
    name,
    version,
    description,
    inputs: schema.inputs,
    forward: traceForward(operator),
    ...operator.vjp ? { vjp: traceVjp(operator) } : {},
  };
  return { data };
}

/** Whether a plugin registers what `defineOperator` made, rather than what it takes. */
function isOperator(definition: object): definition is CallableOperator {
  return typeof definition === "function" && "definition" in definition;
}

function traceForward({ schema, decompose }: CallableOperator): Trace {
  const inputs = schema.inputs.map((name) => symbol(name));
  const output = decompose(inputs, {});
  return encodeTrace(
    { inputs: named(schema.inputs, inputs), outputs: [output] },
    { isKnown: isKnownToHost },
  );
}

/** A recorded gradient: one output for each input that has one. */
type TracedVjp = {
  readonly trace: Trace;
  readonly given: readonly boolean[];
};

/** The gradient as a function of the inputs, the output and its gradient. */
function traceVjp({ vjp, schema }: CallableOperator): TracedVjp {
  const names = [...schema.inputs, "output", "gradient"];
  const nodes = names.map((name) => symbol(name));
  const [output, gradient] = nodes.slice(-2) as [Node, Node];
  const passed = vjp!({ inputs: nodes.slice(0, -2), output, gradient }, {});
  const trace = encodeTrace({
    inputs: named(names, nodes),
    outputs: passed.flatMap((node) => node ?? []),
  }, { isKnown: isKnownToHost });
  return { trace, given: passed.map((node) => node !== undefined) };
}

function symbol(name: string): Node {
  return placeholder(name, UNKNOWN_TYPE);
}

function named(
  names: readonly string[],
  nodes: readonly Node[],
): (readonly [string, Node])[] {
  return names.map((name, i) => [name, nodes[i]!]);
}
