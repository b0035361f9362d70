import type { Tensor } from "../../ops/mod.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import {
  type Gates,
  Recurrent,
  RECURRENT_PARTS,
  type RecurrentConfig,
  type RecurrentOptions,
} from "./recurrent.ts";

/**
 * Reads places in order; gates decide how much of the results before is kept.
 *
 * **Shapes**: `x [batch, places, inputSize] -> y [batch, places, hiddenSize × directions]`.
 *
 * **Source**: Cho et al., "Learning phrase representations using RNN encoder-decoder" (2014), with
 * PyTorch's gates: reset, update, new, the reset after the product.
 *
 * @example Results at each place
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Gru } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const layer = new Gru({ inputSize: 3, hiddenSize: 4 });
 * assertEquals(layer.forward(ones([2, 5, 3])).shape, [2, 5, 4]);
 * ```
 */
export class Gru extends Recurrent {
  /**
   * Constructs a new instance.
   *
   * @param options Sizes, layers, directions, dropout and seed.
   * @throws {OptionError} `INVALID_OPTION` if a number is not what it must be.
   */
  constructor(options: RecurrentOptions) {
    super(options, { name: "Gru", gates: 3, states: ["hidden"] });
  }

  /**
   * Describes one step.
   *
   * @param input What each gate is given by the place.
   * @param hidden What each gate is given by the results before.
   * @param states The results before.
   * @returns The results.
   */
  protected override step(
    input: Gates,
    hidden: Gates,
    [before]: readonly Tensor[],
  ): readonly Tensor[] {
    const reset = input[0]!.add(hidden[0]!).sigmoid();
    const update = input[1]!.add(hidden[1]!).sigmoid();
    const next = input[2]!.add(reset.mul(hidden[2]!)).tanh();
    return [next.add(update.mul(before!.sub(next)))];
  }
}

/** `gru`: {@linkcode Gru} by name. */
export const gruDefinition: ModuleDefinition<RecurrentConfig> = {
  type: "gru",
  displayName: "Gru",
  description: "Reads places in order; gates decide what is kept.",
  ...RECURRENT_PARTS,
  create: (config, { seed }) => new Gru({ ...config, seed }),
  toConfig: (module) => module instanceof Gru ? module.settings : undefined,
};
