/**
 * Reverse-mode differentiation as a graph rewrite: a gradient is another graph, so it can be fused,
 * compiled and differentiated again.
 *
 * **Source**: Baydin et al., "Automatic differentiation in machine learning: a survey" (2018), §3.2.
 *
 * @module
 */
import { isFloatDType, sizeOf } from "../../core/base/mod.ts";
import { FLOAT_DTYPES } from "../builtin/number_dtypes.ts";
import { notDifferentiable, notScalar } from "../errors.ts";
import { constant, type Node } from "../graph/node.ts";
import { quietly } from "../observe_calls.ts";
import { pullBack } from "./pull_back.ts";

/** Options of {@linkcode gradientsOf}. */
export interface GradientsOptions {
  /** Nodes that are not looked behind. Left out: none. */
  readonly stops?: ReadonlySet<Node>;
}

/**
 * Differentiates one number with respect to tensors.
 *
 * @param output The number: fractions with one element.
 * @param targets The tensors, of fractions.
 * @param options Where to stop.
 * @returns One gradient a target, of its shape and dtype; zeros where the number does not depend on it.
 * @throws {TensorError} `NOT_SCALAR` if `output` has another number of elements.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if a dtype has no gradient, or an operator on the way.
 */
export function gradientsOf(
  output: Node,
  targets: readonly Node[],
  { stops = new Set() }: GradientsOptions = {},
): readonly Node[] {
  if (sizeOf(output.type.shape) !== 1) {
    throw notScalar("take the gradient", output.type.shape);
  }
  assertFractions([output, ...targets]);
  const seed = constant(1, output.type);
  return quietly(() => pullBack([[output, seed]], { targets, stops })).map(
    (gradient, i) => gradient ?? constant(0, targets[i]!.type),
  );
}

/**
 * Requires tensors that have gradients.
 *
 * @param nodes The tensors.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if one holds no fractions.
 */
export function assertFractions(nodes: readonly Node[]): void {
  for (const { type: { dtype } } of nodes) {
    if (isFloatDType(dtype)) continue;
    throw notDifferentiable(
      `a tensor of dtype "${dtype}"`,
      `only ${FLOAT_DTYPES.map((one) => `"${one}"`).join(", ")} have gradients`,
    );
  }
}
