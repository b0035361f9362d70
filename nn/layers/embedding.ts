import { dtypeMismatch, splitKey } from "../../core/base/mod.ts";
import { optionsOf, randomNormal, type Tensor } from "../../ops/mod.ts";
import { assertCount } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import {
  initialize,
  INITIALIZED,
  type Initializer,
  INITIALIZER_SCHEMA,
} from "../initializers/initializer.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { type Seed, seedKey } from "../seed.ts";
import { COUNT_SCHEMA } from "./convolution.ts";

/** Settings of {@linkcode Embedding} in a config. */
export interface EmbeddingConfig {
  /** How many things there are. */
  readonly numEmbeddings: number;
  /** How many features each has. */
  readonly embeddingDim: number;
  /** How features start; as the class says if left out. */
  readonly init?: Initializer;
}

/** Options of {@linkcode Embedding}. */
export interface EmbeddingOptions extends EmbeddingConfig {
  /**
   * What the first features depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/**
 * Learned features of things that are known by number: rows of a table.
 *
 * **Shapes**: `x [...], int32 -> y [..., embeddingDim]`; `weight [numEmbeddings, embeddingDim]`.
 *
 * **Numerics**: features start normal, with mean 0 and variance 1. A number outside `[0, numEmbeddings)` that
 * does not count from the end gives `NaN`.
 *
 * @example Two words of three features
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Embedding } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const words = new Embedding({ numEmbeddings: 50, embeddingDim: 3 });
 * assertEquals(words.forward(tensor(Int32Array.of(7, 49))).shape, [2, 3]);
 * ```
 */
export class Embedding extends Module {
  /** The features, `[numEmbeddings, embeddingDim]`. */
  readonly weight: Parameter;
  readonly #init: Initializer | undefined;

  /**
   * Constructs a new instance.
   *
   * @param options How many things and features, and the seed.
   * @throws {OptionError} `INVALID_OPTION` if a number is no whole number above 0.
   */
  constructor(options: EmbeddingOptions) {
    super();
    const { numEmbeddings, embeddingDim, init, seed = 0 } = optionsOf(
      "Embedding",
      options,
    );
    assertCount("Embedding numEmbeddings", numEmbeddings);
    assertCount("Embedding embeddingDim", embeddingDim);
    const key = splitKey(seedKey(seed), 0);
    const shape = [numEmbeddings, embeddingDim];
    const fans = { fanIn: embeddingDim, fanOut: numEmbeddings };
    this.#init = init;
    this.weight = new Parameter(
      init === undefined
        ? randomNormal(shape, { key })
        : initialize(shape, init, { ...fans, key }),
    );
  }

  /** The settings. */
  get settings(): EmbeddingConfig {
    const [numEmbeddings, embeddingDim] = this.weight.shape as [number, number];
    const init = this.#init === undefined ? {} : { init: this.#init };
    return { numEmbeddings, embeddingDim, ...init };
  }

  /**
   * Describes the features of things.
   *
   * @param x Their numbers, `int32 [...]`.
   * @returns Their features, `[..., embeddingDim]`.
   * @throws {DTypeError} `DTYPE_MISMATCH` if the numbers are not `int32`.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Embedding", x);
    if (x.dtype !== "int32") {
      throw dtypeMismatch("Embedding", x.dtype, ["int32"]);
    }
    return this.weight.take(x, 0);
  }
}

/** `embedding`: {@linkcode Embedding} by name. */
export const embeddingDefinition: ModuleDefinition<EmbeddingConfig> = {
  type: "embedding",
  displayName: "Embedding",
  description: "Learned features of things that are known by number.",
  category: "Embedding",
  config: {
    type: "object",
    properties: {
      numEmbeddings: COUNT_SCHEMA,
      embeddingDim: COUNT_SCHEMA,
      init: INITIALIZER_SCHEMA,
    },
    required: ["numEmbeddings", "embeddingDim"],
  },
  parts: INITIALIZED,
  inferShape: ({ embeddingDim }, [x]) => [...x!, embeddingDim],
  create: (config, { seed }) => new Embedding({ ...config, seed }),
  toConfig: (module) =>
    module instanceof Embedding ? module.settings : undefined,
};
