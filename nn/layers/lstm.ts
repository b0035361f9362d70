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
 * Reads places in order and keeps what matters in a cell, from which gates forget and to which they add.
 *
 * **Shapes**: `x [batch, places, inputSize] -> y [batch, places, hiddenSize × directions]`.
 *
 * **Source**: Hochreiter, Schmidhuber, "Long short-term memory" (1997), with the forget gate of Gers et
 * al. (2000); gates in PyTorch's order: input, forget, cell, output.
 *
 * @example Two layers that read from both ends
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Lstm } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const layer = new Lstm({
 *   inputSize: 3,
 *   hiddenSize: 4,
 *   layers: 2,
 *   bidirectional: true,
 * });
 * const { output, hidden, cell } = layer.read(ones([2, 5, 3]));
 * assertEquals(output.shape, [2, 5, 8]);
 * assertEquals([hidden.shape, cell!.shape], [[4, 2, 4], [4, 2, 4]]);
 * ```
 */
export class Lstm extends Recurrent {
  /**
   * Constructs a new instance.
   *
   * @param options Sizes, layers, directions, dropout and seed.
   * @throws {OptionError} `INVALID_OPTION` if a number is not what it must be.
   */
  constructor(options: RecurrentOptions) {
    super(options, { name: "Lstm", gates: 4, states: ["hidden", "cell"] });
  }

  /**
   * Describes one step.
   *
   * @param input What each gate is given by the place.
   * @param hidden What each gate is given by the results before.
   * @param states Results and cell.
   * @returns Results and cell.
   */
  protected override step(
    input: Gates,
    hidden: Gates,
    [, cell]: readonly Tensor[],
  ): readonly Tensor[] {
    const [enter, forget, next, exit] = input.map((x, i) => x.add(hidden[i]!));
    const kept = forget!.sigmoid().mul(cell!)
      .add(enter!.sigmoid().mul(next!.tanh()));
    return [exit!.sigmoid().mul(kept.tanh()), kept];
  }
}

/** `lstm`: {@linkcode Lstm} by name. */
export const lstmDefinition: ModuleDefinition<RecurrentConfig> = {
  type: "lstm",
  displayName: "Lstm",
  description: "Reads places in order and keeps what matters in a cell.",
  ...RECURRENT_PARTS,
  create: (config, { seed }) => new Lstm({ ...config, seed }),
  toConfig: (module) => module instanceof Lstm ? module.settings : undefined,
};
