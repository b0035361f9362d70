/**
 * Calling a function of tensors so that its arguments can be told apart from everything else that it
 * uses: each comes in under an identity of its own. Without it, a slope with respect to an argument
 * would count what the function takes from outside, if that is the same tensor.
 *
 * **Source**: Siskind and Pearlmutter, "Perturbation confusion and referential transparency" (2005).
 *
 * @module
 */
import { invalidOption } from "../../core/base/mod.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { Tensor } from "../tensor.ts";
import { leavesOf, type TensorTree } from "../tensor_tree.ts";

/**
 * A function of tensors.
 *
 * @typeParam Result What it gives.
 */
export type TensorFunction<Result extends TensorTree = Tensor> = (
  ...tensors: readonly Tensor[]
) => Result;

/** The same tensor; it becomes no kernel, and leaves nothing behind. */
const ALIAS: CompositeOperator = {
  kind: "composite",
  name: "alias",
  version: "1.0.0",
  description: "The same tensor under an identity of its own.",
  schema: { inputs: ["x"], attributes: {} },
  infer: ([x]) => x!,
  decompose: ([x]) => x!,
};

/** What a function gave for arguments of their own identity. */
export interface FreshCall<Result extends TensorTree> {
  /** The arguments, as the function saw them. */
  readonly parameters: readonly Node[];
  /** What it gave. */
  readonly result: Result;
  /** The tensors in it. */
  readonly outputs: readonly Node[];
}

/**
 * Calls a function with arguments that are told apart from everything else.
 *
 * @param operation What calls it, for messages.
 * @param fn The function.
 * @param inputs What the arguments are.
 * @returns What it gave.
 * @throws {OptionError} `INVALID_OPTION` if it is no function, or gives no tensors.
 */
export function callFresh<Result extends TensorTree>(
  operation: string,
  fn: TensorFunction<Result>,
  inputs: readonly Node[],
): FreshCall<Result> {
  return callWith(operation, fn, inputs.map(alias));
}

/**
 * Calls a function with nodes as its arguments.
 *
 * @param operation What calls it, for messages.
 * @param fn The function.
 * @param parameters The arguments.
 * @returns What it gave.
 * @throws {OptionError} `INVALID_OPTION` if it is no function, or gives no tensors.
 */
export function callWith<Result extends TensorTree>(
  operation: string,
  fn: TensorFunction<Result>,
  parameters: readonly Node[],
): FreshCall<Result> {
  assertFunction(operation, fn);
  const result = fn(...parameters.map((node) => new Tensor(node)));
  const outputs = leavesOf(result, `the result of ${operation}`)
    .map(({ node }) => node);
  return { parameters, result, outputs };
}

/**
 * Requires a function.
 *
 * @param operation What takes it, for the message.
 * @param fn What the caller passed.
 * @throws {OptionError} `INVALID_OPTION` if it is none.
 */
export function assertFunction(operation: string, fn: unknown): void {
  if (typeof fn === "function") return;
  throw invalidOption(`what ${operation} takes`, fn, "a function of tensors");
}

// Not apply(): that would announce a call that nobody made.
function alias(node: Node): Node {
  const { type } = node;
  return {
    kind: "apply",
    operator: ALIAS,
    inputs: [node],
    attributes: {},
    type,
  };
}
