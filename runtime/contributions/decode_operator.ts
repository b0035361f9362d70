import { z } from "zod";
import type { Json } from "../../core/base/mod.ts";
import {
  type CallableOperator,
  defineOperator,
  instantiateTrace,
  type Node,
  type OperatorRegistry,
  Tensor,
  type Trace,
} from "../../ops/mod.ts";
import { parseTrace } from "../../ops/trace/mod.ts";
import { contributionInvalid } from "../errors.ts";
import { assertKnownOperators } from "./known_operators.ts";

const schema = z.strictObject({
  name: z.string(),
  version: z.string().max(64),
  description: z.string().max(4096),
  inputs: z.array(z.string().max(128)).max(32),
  forward: z.unknown(),
  vjp: z.strictObject({
    trace: z.unknown(),
    given: z.array(z.boolean()).max(32),
  }).optional(),
});

/**
 * Makes an operator from what a sandbox recorded. It needs the sandbox no more: what it computes is
 * data.
 *
 * @param data What the guest sent.
 * @param operators Where the operators that it calls are found.
 * @returns The operator.
 * @throws {RuntimeError} `CONTRIBUTION_INVALID` if the data is no operator.
 * @throws {TensorError} `TRACE_INVALID`, `OPERATOR_INVALID` or `OPERATOR_NOT_FOUND` if what it
 * computes does not hold together.
 */
export function decodeOperator(
  data: Json,
  operators: OperatorRegistry,
): CallableOperator {
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw contributionInvalid("operator", parsed.error);
  const { name, version, description, inputs, forward, vjp } = parsed.data;
  const trace = parseOperatorTrace(forward, {
    inputs: inputs.length,
    outputs: 1,
    operators,
  });
  const gradient = vjp && {
    trace: parseOperatorTrace(vjp.trace, {
      inputs: inputs.length + 2,
      outputs: vjp.given.filter(Boolean).length,
      operators,
    }),
    given: vjp.given,
  };
  function run(trace: Trace, tensors: readonly Tensor[]): readonly Node[] {
    const nodes = tensors.map(({ node }) => node);
    return instantiateTrace(trace, nodes, (name) => operators.get(name));
  }
  return defineOperator({
    name,
    version,
    description,
    inputs,
    forward: (tensors) => new Tensor(run(trace, tensors)[0]!),
    ...gradient && {
      vjp({ inputs, output, gradient: seed }) {
        const passed = [...run(gradient.trace, [...inputs, output, seed])];
        return gradient.given.map((isGiven) =>
          isGiven ? new Tensor(passed.shift()!) : undefined
        );
      },
    },
  });
}

function parseOperatorTrace(
  value: unknown,
  { inputs, outputs, operators }: {
    readonly inputs: number;
    readonly outputs: number;
    readonly operators: OperatorRegistry;
  },
): Trace {
  const trace = parseTrace(value);
  assertEnds(trace, { inputs, outputs });
  assertKnownOperators(trace, operators);
  return trace;
}

/**
 * Requires a trace with certain numbers of inputs and outputs.
 *
 * @param trace The trace.
 * @param wanted The numbers.
 * @throws {RuntimeError} `CONTRIBUTION_INVALID` if it has others.
 */
export function assertEnds(
  { values, outputs }: Trace,
  wanted: { readonly inputs: number; readonly outputs: number },
): void {
  const found = values.filter(({ kind }) => kind === "input").length;
  if (found === wanted.inputs && outputs.length === wanted.outputs) return;
  throw contributionInvalid(
    "trace",
    `found ${found} inputs and ${outputs.length} outputs, wanted ${wanted.inputs} and ${wanted.outputs}`,
  );
}
