/**
 * A call of a function as one call of an operator that is made for it: whoever differentiates or batches
 * the graph sees what went in, and may treat the call as a whole.
 *
 * @module
 */
import { invalidOption } from "../../core/base/mod.ts";
import type { CompositeOperator, Node, Vjp } from "../graph/node.ts";
import { topologicalOrder } from "../graph/order.ts";
import { substitute } from "../graph/substitute.ts";
import { Tensor } from "../tensor.ts";
import { callFresh, type TensorFunction } from "./call_fresh.ts";

/** A function that has been called once, as a graph that can be written for other inputs. */
export interface Captured {
  /** What went in: the arguments, then what the function takes from outside. */
  readonly inputs: readonly Node[];
  /** How many of the inputs are arguments. */
  readonly argumentCount: number;
  /** What came out. */
  readonly body: Node;
  /**
   * Writes the function for other inputs. It is not called again.
   *
   * @param inputs As many inputs, of the same types.
   * @returns What comes out.
   */
  write(inputs: readonly Node[]): Node;
}

/**
 * Calls a function once, and finds out what it takes from outside: whatever does not depend on its
 * arguments, but goes into what does.
 *
 * @param operation What calls it, for messages.
 * @param fn The function.
 * @param tensors Its arguments.
 * @returns The call.
 * @throws {OptionError} `INVALID_OPTION` if it is no function, or gives anything but one tensor.
 */
export function capture(
  operation: string,
  fn: TensorFunction,
  tensors: readonly Node[],
): Captured {
  const { parameters, result, outputs } = callFresh(operation, fn, tensors);
  if (!(result instanceof Tensor)) {
    throw invalidOption(`the result of ${operation}`, result, "one tensor");
  }
  const body = outputs[0]!;
  const outside = takenFromOutside(body, parameters);
  const places = [...parameters, ...outside];
  return {
    inputs: [...tensors, ...outside],
    argumentCount: tensors.length,
    body,
    write: (inputs) =>
      substitute(body, new Map(places.map((place, i) => [place, inputs[i]!]))),
  };
}

/** Finds what goes into calls that depend on the parameters, but does not depend on them. */
function takenFromOutside(
  body: Node,
  parameters: readonly Node[],
): readonly Node[] {
  const inside = new Set(parameters);
  const outside = new Set<Node>();
  for (const node of topologicalOrder([body], { stops: inside })) {
    if (node.kind !== "apply" || inside.has(node)) continue;
    if (!node.inputs.some((input) => inside.has(input))) continue;
    inside.add(node);
    for (const input of node.inputs) {
      if (!inside.has(input) && input.kind !== "constant") outside.add(input);
    }
  }
  return [...outside];
}

/**
 * Describes a captured call as one call of an operator.
 *
 * @param name Name of the operator, for messages.
 * @param captured The call.
 * @param vjp The gradient of the operator.
 * @returns What came out.
 */
export function callCaptured(
  name: string,
  { inputs, body, write }: Captured,
  vjp: Vjp,
): Tensor {
  const { type } = body;
  const operator: CompositeOperator = {
    kind: "composite",
    name,
    version: "1.0.0",
    description: "A function of tensors, called as a whole.",
    schema: { inputs: inputs.map((_, i) => `input${i}`), attributes: {} },
    infer: () => type,
    decompose: write,
    vjp,
  };
  return new Tensor({ kind: "apply", operator, inputs, attributes: {}, type });
}
