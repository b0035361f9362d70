import { invalidOption } from "../../core/base/mod.ts";
import { optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { assertOptimizer } from "./assert_optimizer.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of {@linkcode clipGradients}; one of them at least. */
export interface ClipOptions {
  /** The largest size that all gradients together may have; larger ones are scaled down as one. */
  readonly norm?: number;
  /** The largest magnitude that an element may have; clipped before sizes are looked at. */
  readonly value?: number;
}

/**
 * Makes an optimizer that is given smaller gradients where they are too large.
 *
 * **Numerics**: as in PyTorch, gradients are multiplied by `norm / (size + 1e-6)` where that is below 1.
 *
 * **Source**: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks" (2013),
 * algorithm 1.
 *
 * @example A step that is no longer than 1
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { clipGradients, Sgd } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const optimizer = clipGradients(new Sgd({ learningRate: 1 }), { value: 1 });
 * const weight = tensor([0]);
 * const updates = optimizer.update({
 *   parameters: new Map([["weight", weight]]),
 *   gradients: new Map([["weight", tensor([50])]]),
 *   state: new Map(),
 *   learningRate: tensor(1),
 * });
 * assertEquals(await updates.get(weight)!.array(), [-1]);
 * ```
 *
 * @param optimizer What takes the steps.
 * @param options How large gradients may be.
 * @returns The optimizer with clipped gradients.
 * @throws {OptionError} `INVALID_OPTION` if there is no optimizer, neither is given, or one is no number above 0.
 */
export function clipGradients(
  optimizer: Optimizer,
  options: ClipOptions,
): Optimizer {
  const { norm, value } = optionsOf("clipGradients", options);
  assertOptimizer("clipGradients", optimizer);
  if (norm === undefined && value === undefined) {
    throw invalidOption("clipGradients", {}, "norm, value or both");
  }
  const min = Number.MIN_VALUE;
  if (norm !== undefined) assertNumber("clipGradients norm", norm, { min });
  if (value !== undefined) assertNumber("clipGradients value", value, { min });
  return {
    learningRate: optimizer.learningRate,
    initialState: (parameters) => optimizer.initialState(parameters),
    update: (step) =>
      optimizer.update({
        ...step,
        gradients: clipped(step.gradients, { norm, value }),
      }),
  };
}

function clipped(
  gradients: ReadonlyMap<string, Tensor>,
  { norm, value }: Record<keyof ClipOptions, number | undefined>,
): ReadonlyMap<string, Tensor> {
  const bounded = value === undefined
    ? new Map(gradients)
    : mapValues(gradients, (slope) => slope.clamp(-value, value));
  if (norm === undefined || bounded.size === 0) return bounded;
  const squares = [...bounded.values()].map((slope) => slope.mul(slope).sum());
  const size = squares.reduce((sum, square) => sum.add(square)).sqrt();
  const factor = size.add(1e-6).pow(-1).mul(norm).minimum(1);
  return mapValues(bounded, (slope) => slope.mul(factor));
}

function mapValues(
  tensors: ReadonlyMap<string, Tensor>,
  change: (tensor: Tensor) => Tensor,
): Map<string, Tensor> {
  return new Map([...tensors].map(([name, each]) => [name, change(each)]));
}

/** `clip_gradients`: {@linkcode clipGradients} by name. */
export const clipGradientsDefinition: ModuleDefinition<ClipOptions> = {
  type: "clip_gradients",
  displayName: "clipGradients",
  description:
    "Gives the optimizer smaller gradients where they are too large.",
  category: "OptimizerWrapper",
  config: {
    type: "object",
    properties: {
      norm: { type: "number", exclusiveMinimum: 0 },
      value: { type: "number", exclusiveMinimum: 0 },
    },
    minProperties: 1,
  },
  create: (config) => (optimizer: Optimizer) =>
    clipGradients(optimizer, config),
};
