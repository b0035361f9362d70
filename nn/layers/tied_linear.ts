import { assertInstance } from "../../core/base/mod.ts";
import type { Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { Embedding } from "./embedding.ts";

/**
 * Scores of the things that an embedding knows, by its own weights: `y = x Wᵀ`. Training changes one set
 * of weights from both ends, and a state dict holds it once.
 *
 * **Shapes**: `x [..., embeddingDim] -> y [..., numEmbeddings]`.
 *
 * **Source**: Press, Wolf, "Using the output embedding to improve language models" (2017).
 *
 * @example One set of weights
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Embedding, Sequential, TiedLinear } from "@spiraltorch/spiraltorch/nn";
 *
 * const words = new Embedding({ numEmbeddings: 50, embeddingDim: 3 });
 * const model = new Sequential([words, new TiedLinear(words)]);
 * assertEquals([...model.parameters().keys()], ["0.weight"]);
 * ```
 */
export class TiedLinear extends Module {
  /** The embedding's weights, `[numEmbeddings, embeddingDim]`. */
  readonly weight: Parameter;

  /**
   * Constructs a new instance.
   *
   * @param embedding Whose weights are used.
   * @throws {OptionError} `INVALID_OPTION` if it is no embedding.
   */
  constructor(embedding: Embedding) {
    super();
    assertInstance("TiedLinear embedding", embedding, Embedding);
    this.weight = embedding.weight;
  }

  /**
   * Describes the scores.
   *
   * @param x Features, `[..., embeddingDim]`.
   * @returns A score for each thing, `[..., numEmbeddings]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("TiedLinear", x);
    return x.matmul(this.weight.transpose());
  }
}
