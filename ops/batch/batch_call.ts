import { assertInvariant, type Shape } from "../../core/base/mod.ts";
import { expand } from "../builtin/expand.ts";
import { reshape } from "../builtin/reshape.ts";
import type { ApplyNode, LoweredCall, Node } from "../graph/node.ts";

/** One call for one example, and what its inputs are for all of them. */
export interface BatchCall {
  /** The call for one example. */
  readonly node: ApplyNode;
  /** The call for one example, as its lowering sees it. */
  readonly example: LoweredCall;
  /** Its inputs for all examples, which are along axis 0; `undefined` where all share one input. */
  readonly batched: readonly (Node | undefined)[];
  /** How many examples there are. */
  readonly size: number;
}

/**
 * Gives the call for all examples at once.
 *
 * @param call The call for one example.
 * @returns The results, along axis 0.
 */
export type BatchRule = (call: BatchCall) => Node;

/**
 * Takes an input of a call for one example.
 *
 * @param call The call.
 * @param place Which input.
 * @returns The input.
 */
export function exampleInput({ node }: BatchCall, place: number): Node {
  const input = node.inputs[place];
  assertInvariant(input, "a rule knows how many inputs its calls have");
  return input;
}

/**
 * Takes an input of a call for all examples, repeated where they share it.
 *
 * @param call The call.
 * @param place Which input.
 * @returns The inputs, along axis 0.
 */
export function wholeInput(call: BatchCall, place: number): Node {
  const batched = call.batched[place];
  if (batched) return batched;
  const input = exampleInput(call, place);
  return expand(input, [call.size, ...input.type.shape]);
}

/**
 * Takes an input of a call for all examples so that it broadcasts: what examples have of their own lies
 * in front of all axes, what they share stays as it is.
 *
 * @param call The call.
 * @param place Which input.
 * @param rank How many axes an example is to have at least.
 * @returns The inputs.
 */
export function alignedInput(
  call: BatchCall,
  place: number,
  rank: number,
): Node {
  const batched = call.batched[place];
  if (!batched) return exampleInput(call, place);
  const [size, ...own] = batched.type.shape as [number, ...number[]];
  const missing = rank - own.length;
  if (missing <= 0) return batched;
  return reshape(batched, [
    size,
    ...new Array<number>(missing).fill(1),
    ...own,
  ]);
}

/**
 * Adds the axis of the examples in front of a shape.
 *
 * @param call The call.
 * @param shape Shape for one example.
 * @returns Shape for all of them.
 */
export function batchShape({ size }: BatchCall, shape: Shape): Shape {
  return [size, ...shape];
}
