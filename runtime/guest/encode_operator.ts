import type { JsonObject } from "../../core/base/mod.ts";
import type {
  EncodedContribution,
  RemoteExposer,
} from "../../core/sandbox/guest/mod.ts";
import type {
  CallableOperator,
  OperatorDefinition,
} from "../../ops/define/definition.ts";
import { defineOperator } from "../../ops/define_operator.ts";
import {
  type Node,
  type OperatorSchema,
  placeholder,
  UNKNOWN_TYPE,
} from "../../ops/graph/node.ts";
import { Tensor } from "../../ops/tensor.ts";
import { encodeTrace } from "../../ops/trace/encode_trace.ts";
import type { Trace } from "../../ops/trace/trace.ts";
import { attributesNotTraced, inferNotTraced } from "./errors.ts";
import { exposeKernels } from "./expose_kernels.ts";
import { isKnownToHost } from "./host_operators.ts";
import { type TracedAttributes, traceVariants } from "./trace_variants.ts";

/** How often the last input of an operator may be given that takes any number: each is recorded. */
const REPEATS_MAX = 16;

/**
 * Records an operator as data: what it computes, and its gradient where it brings one. The function
 * itself stays in the sandbox, and is not needed any more.
 *
 * @param definition A definition, or an operator made from one.
 * @param remote Hands kernels out, which stay in the sandbox.
 * @returns What the host makes its operator from.
 * @throws {TensorError} `OPERATOR_INVALID` if the definition does not hold together.
 * @throws {GuestError} `ATTRIBUTES_NOT_TRACED` if what it does with an attribute cannot be recorded.
 */
export function encodeOperator(
  definition: object,
  remote: RemoteExposer,
): EncodedContribution {
  const operator = isOperator(definition)
    ? definition
    : defineOperator(definition as OperatorDefinition); // checked there
  const { name, version, description, schema } = operator;
  const { outputs = ["y"], infer, kernels, ...rest } = operator.definition;
  if (!rest.forward && typeof infer === "function") throw inferNotTraced(name);
  const { data: handedOut, bytes } = exposeKernels(kernels ?? {}, remote);
  const data = {
    name,
    version,
    description,
    inputs: schema.inputs,
    ...schema.isVariadic && { isVariadic: true },
    outputs,
    attributes: sentAttributes(operator),
    aliases: rest.aliases ?? [],
    backends: rest.backends ?? [],
    ...rest.isDifferentiable === undefined
      ? {}
      : { isDifferentiable: rest.isDifferentiable },
    // A function stays here: without one the host infers from what was recorded.
    ...infer === undefined || typeof infer === "function" ? {} : { infer },
    ...handedOut,
    variants: rest.forward || rest.vjp
      ? inputLists(schema).flatMap((inputs) =>
        traceVariants(name, schema, {
          record: (given) => record(operator, inputs, given),
          traces: ({ forward, vjp }) => [
            ...forward ? [forward] : [],
            ...vjp ? [vjp.trace] : [],
          ],
        }).map(({ when, recorded }) => ({
          when,
          ...schema.isVariadic && { inputs: inputs.length },
          ...recorded,
        }))
      )
      : [{ when: {} }],
  };
  return { data, bytes };
}

/** What the host is told of attributes, which is data. */
function sentAttributes(
  { name, definition: { attributes = {} } }: CallableOperator,
): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes).map(([attribute, given]) => {
      if (typeof given === "string") return [attribute, given];
      const { schema, ...spec } = given;
      if (schema === undefined) return [attribute, spec];
      throw attributesNotTraced(
        name,
        `found a schema of attribute "${attribute}", wanted a kind or values, since the host checks each call`,
      );
    }),
  );
}

/** The inputs that calls may have, by name: one list, or one for each number of the last input. */
function inputLists(
  { inputs, isVariadic }: OperatorSchema,
): readonly (readonly string[])[] {
  if (!isVariadic) return [inputs];
  const last = inputs.at(-1)!;
  return Array.from({ length: REPEATS_MAX }, (_, more) => [
    ...inputs,
    ...Array.from({ length: more }, (_, i) => `${last} ${i + 1}`),
  ]);
}

/** Whether a plugin registers what `defineOperator` made, rather than what it takes. */
function isOperator(definition: object): definition is CallableOperator {
  return typeof definition === "function" && "definition" in definition;
}

/** What an operator computes, and how its gradient does where it brings one. */
type Recorded = {
  readonly forward?: Trace;
  readonly vjp?: TracedVjp;
};

/** A recorded gradient: one output for each input that has one. */
type TracedVjp = {
  readonly trace: Trace;
  readonly given: readonly boolean[];
};

function record(
  operator: CallableOperator,
  inputs: readonly string[],
  given: TracedAttributes,
): Recorded {
  const { forward, vjp } = operator.definition;
  return {
    ...forward ? { forward: traceForward(operator, inputs, given) } : {},
    ...vjp ? { vjp: traceVjp(operator, inputs, given) } : {},
  };
}

function traceForward(
  operator: CallableOperator,
  names: readonly string[],
  { attributes, symbols }: TracedAttributes,
): Trace {
  const inputs = names.map((name) => symbol(name));
  const parts = operator.parts ?? [operator];
  return encodeTrace({
    inputs: named(names, inputs),
    outputs: parts.map((part) =>
      part.kind === "composite"
        ? part.decompose(inputs, attributes)
        : part.fallback!(inputs, attributes)
    ),
    attributes: symbols,
  }, { isKnown: isKnownToHost });
}

/** The gradient as a function of the inputs, the outputs and their gradients. */
function traceVjp(
  { definition }: CallableOperator,
  inputs: readonly string[],
  { attributes, symbols }: TracedAttributes,
): TracedVjp {
  const { outputs = ["y"] } = definition;
  const names = [
    ...inputs,
    ...outputs.map((name) => `output ${name}`),
    ...outputs.map((name) => `gradient ${name}`),
  ];
  const nodes = names.map((name) => symbol(name));
  const tensors = nodes.map((node) => new Tensor(node));
  const [first, last] = [inputs.length, outputs.length];
  const results = tensors.slice(first, first + last);
  const gradients = tensors.slice(first + last);
  const passed = definition.vjp!({
    inputs: tensors.slice(0, first),
    output: results[0]!,
    gradient: gradients[0]!,
    outputs: results,
    gradients,
  }, attributes).map((tensor) => tensor ?? undefined);
  const trace = encodeTrace({
    inputs: named(names, nodes),
    outputs: passed.flatMap((tensor) => tensor ? [tensor.node] : []),
    attributes: symbols,
  }, { isKnown: isKnownToHost });
  return { trace, given: passed.map((tensor) => tensor !== undefined) };
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
