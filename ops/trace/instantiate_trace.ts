import { hostArray } from "../../core/base/mod.ts";
import { apply, type Operand } from "../apply.ts";
import { operatorNotFound, traceInvalid } from "../errors.ts";
import { constant, type Node, type Operator } from "../graph/node.ts";
import { Storage } from "../storage.ts";
import type { Trace, TraceValue } from "./trace.ts";

/** Finds an operator by name. */
export type OperatorLookup = (name: string) => Operator | undefined;

/**
 * Puts a trace to use: adds its calls to a graph, with types inferred from real inputs.
 *
 * @param trace The trace.
 * @param inputs One node an input of the trace.
 * @param lookup Where operators are found.
 * @returns One node an output.
 * @throws {TensorError} `OPERATOR_NOT_FOUND` if `lookup` does not know an operator.
 */
export function instantiateTrace(
  { values, outputs }: Trace,
  inputs: readonly Node[],
  lookup: OperatorLookup,
): readonly Node[] {
  const placed: Node[] = [];
  for (const value of values) {
    placed.push(
      value.kind === "input"
        // Inputs come first, so each stands at its own number.
        ? inputs[placed.length]!
        : instantiateValue(value, placed, lookup),
    );
  }
  return outputs.map((place) => placed[place]!);
}

function instantiateValue(
  value: Exclude<TraceValue, { kind: "input" }>,
  placed: readonly Node[],
  lookup: OperatorLookup,
): Node {
  switch (value.kind) {
    case "constant": {
      const { dtype, shape } = value;
      return constant(Number(value.value), { dtype, shape });
    }
    case "data": {
      const { dtype, shape } = value;
      const host = hostArray(dtype, value.elements.length);
      host.set(value.elements.map(Number));
      const storage = new Storage({ dtype, host });
      return { kind: "data", storage, type: { dtype, shape } };
    }
    case "call": {
      const operator = lookup(value.operator);
      if (!operator) throw operatorNotFound(value.operator, []);
      const inputs = value.inputs.map((input): Operand =>
        typeof input === "number"
          ? placed[input]!
          : "number" in input
          ? Number(input.number)
          : openInput(input.attribute)
      );
      return apply(operator, inputs, value.attributes);
    }
    default:
      return value satisfies never;
  }
}

/** A trace that leaves attributes open is bound before it is put to use. */
function openInput(attribute: string): never {
  throw traceInvalid([{
    code: "TRACE_ATTRIBUTE",
    path: "values",
    message: `Found attribute ${JSON.stringify(attribute)}, which has no value`,
  }]);
}
