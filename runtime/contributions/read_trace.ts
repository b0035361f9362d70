import type { OperatorRegistry, Trace } from "../../ops/mod.ts";
import { parseTrace } from "../../ops/trace/mod.ts";
import { assertEnds } from "./decode_operator.ts";
import { assertKnownOperators } from "./known_operators.ts";

/**
 * Reads the graph of one function that a sandbox recorded.
 *
 * @param value What the guest sent.
 * @param options How many inputs and outputs it must have, one output if left out, and where the operators that it calls are found.
 * @returns The graph.
 * @throws {RuntimeError} `CONTRIBUTION_INVALID` if it is none, or has other ends.
 * @throws {TensorError} `OPERATOR_NOT_FOUND` if it calls what nobody has.
 */
export function readTrace(
  value: unknown,
  { inputs, outputs = 1, operators }: {
    readonly inputs: number;
    readonly outputs?: number;
    readonly operators: OperatorRegistry;
  },
): Trace {
  const trace = parseTrace(value);
  assertEnds(trace, { inputs, outputs });
  assertKnownOperators(trace, operators);
  return trace;
}
