import type { RandomKey } from "../../core/base/mod.ts";
import {
  optionsOf,
  randomUniform,
  type Tensor,
  tensor,
} from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { type Seed, seedKey } from "../seed.ts";

/** Settings of {@linkcode Dropout} in a config. */
export interface DropoutConfig {
  /**
   * How likely an element is left out.
   *
   * @default {0.5}
   */
  readonly probability?: number;
}

/** Options of {@linkcode Dropout}. */
export interface DropoutOptions extends DropoutConfig {
  /**
   * What decides who is left out.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/**
 * Leaves out elements at random while a model is trained, and scales the others up so that sums stay
 * as they are on average. It does nothing in use.
 *
 * **Shapes**: `x [...] -> y [...]`.
 *
 * **Numerics**: an element stays with probability `1 - p`, as `x / (1 - p)`. Who stays depends on the
 * seed and on how many steps have been stored, not on the backend.
 *
 * **Source**: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting"
 * (2014), with the scaling done in training.
 *
 * @example Elements are 0 or twice as large
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Dropout } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const layer = new Dropout();
 * const dropped = await layer.forward(ones([100])).data();
 * assertEquals(new Set(dropped), new Set([0, 2]));
 * layer.eval();
 * assertEquals(await layer.forward(ones([2])).array(), [1, 1]);
 * ```
 */
export class Dropout extends Module {
  /** How likely an element is left out. */
  readonly probability: number;
  /** How many draws there have been. */
  readonly draws: Parameter = new Parameter(
    tensor(Int32Array.of(0), { shape: [] }),
    { trainable: false, persistent: false },
  );
  readonly #key: RandomKey;

  /**
   * Constructs a new instance.
   *
   * @param options How likely elements are left out, and the seed.
   * @throws {OptionError} `INVALID_OPTION` if the probability is not from 0 below 1.
   */
  constructor(options?: DropoutOptions) {
    super();
    const { probability = 0.5, seed = 0 } = optionsOf("Dropout", options);
    assertNumber("Dropout probability", probability, { min: 0, below: 1 });
    this.probability = probability;
    this.#key = seedKey(seed);
  }

  /**
   * Describes what is left.
   *
   * @param x The input, `[...]`.
   * @returns The same with some elements left out, `[...]`.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Dropout", x);
    if (!this.isTraining || this.probability === 0) return x;
    const draw = this.currentOf(this.draws);
    this.note(this.draws, draw.add(1));
    const chance = randomUniform(x.shape, { key: this.#key, draw });
    const scaled = x.mul(1 / (1 - this.probability));
    return chance.greaterOrEqual(this.probability).where(scaled, 0);
  }
}

/** `dropout`: {@linkcode Dropout} by name. */
export const dropoutDefinition: ModuleDefinition<DropoutConfig> = {
  type: "dropout",
  displayName: "Dropout",
  description: "Leaves out elements at random while a model is trained.",
  category: "Layer",
  config: {
    type: "object",
    properties: {
      probability: {
        type: "number",
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.5,
      },
    },
  },
  inferShape: (_, [x]) => x!,
  create: (config, { seed }) => new Dropout({ ...config, seed }),
  toConfig: (module) =>
    module instanceof Dropout ? { probability: module.probability } : undefined,
};
