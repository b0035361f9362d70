import type { Tensor } from "../../ops/mod.ts";

/** What one step of an optimizer starts from. All maps have one entry a parameter, by its name. */
export interface OptimizerStep {
  /** The parameters. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** Gradient of the loss with respect to each parameter. */
  readonly gradients: ReadonlyMap<string, Tensor>;
  /** What the optimizer remembers, by the names of {@linkcode Optimizer.initialState}. */
  readonly state: ReadonlyMap<string, Tensor>;
  /** Length of the step, a scalar. */
  readonly learningRate: Tensor;
}

/**
 * A rule by which gradients change parameters. It holds no tensors and computes nothing: it says how
 * new values follow from old ones, so that one compiled step can contain it.
 */
export interface Optimizer {
  /** Length of a step, unless a schedule says otherwise. */
  readonly learningRate: number;
  /**
   * Makes what the optimizer remembers from step to step, as it is before the first.
   *
   * @param parameters The parameters by name.
   * @returns Tensors by name, not computed yet.
   */
  initialState(parameters: ReadonlyMap<string, Tensor>): Map<string, Tensor>;
  /**
   * Describes one step.
   *
   * @param step What it starts from.
   * @returns The new value of each parameter and of everything remembered, not computed yet.
   */
  update(step: OptimizerStep): Map<Tensor, Tensor>;
}

/** Makes an optimizer of another one, which takes the steps in the end. */
export type OptimizerWrapper = (optimizer: Optimizer) => Optimizer;
