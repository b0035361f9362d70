import { splitKey } from "../../core/base/mod.ts";
import { optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertFlags } from "../check/assert_flags.ts";
import { assertCount } from "../check/assert_number.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { type Seed, seedKey } from "../seed.ts";
import type { AttentionCache } from "./attention_cache.ts";
import { COUNT_SCHEMA } from "./convolution.ts";
import { Dropout } from "./dropout.ts";
import { LayerNorm } from "./layer_norm.ts";
import { Linear } from "./linear.ts";
import {
  type AttentionContext,
  MultiheadAttention,
} from "./multihead_attention.ts";
import { lastAxisShape } from "./norm_config.ts";

/** Settings of {@linkcode TransformerEncoderLayer} in a config. */
export interface TransformerConfig {
  /** How many features each place has. */
  readonly features: number;
  /** How many heads of attention there are. */
  readonly heads: number;
  /** How many features there are between the two linear layers; 4 times the features if left out. */
  readonly hidden?: number;
  /**
   * How likely an element is left out in training, after attention and after the linear layers.
   *
   * @default {0}
   */
  readonly dropout?: number;
  /**
   * Whether a place sees those up to itself only, as in a language model.
   *
   * @default {false}
   */
  readonly causal?: boolean;
  /**
   * Whether queries and keys are turned by their places.
   *
   * @default {false}
   */
  readonly rotary?: boolean;
}

/** Options of {@linkcode TransformerEncoderLayer}. */
export interface TransformerLayerOptions extends TransformerConfig {
  /**
   * What the first weights depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/**
 * Attention, then two linear layers with gelu between them, each after a norm and added to what came in.
 *
 * **Shapes**: `x [batch, places, features] -> y [batch, places, features]`.
 *
 * **Source**: Vaswani et al., "Attention is all you need" (2017), §3.1, with the norms first as in Xiong
 * et al., "On layer normalization in the transformer architecture" (2020).
 *
 * @example A block of a language model
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { TransformerEncoderLayer } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const block = new TransformerEncoderLayer({
 *   features: 8,
 *   heads: 2,
 *   causal: true,
 * });
 * assertEquals(block.forward(ones([2, 5, 8])).shape, [2, 5, 8]);
 * ```
 */
export class TransformerEncoderLayer extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<TransformerConfig>;
  /** Before attention. */
  readonly norm1: LayerNorm;
  /** What each place gathers of the others. */
  readonly attention: MultiheadAttention;
  /** Before the linear layers. */
  readonly norm2: LayerNorm;
  /** From features to hidden ones. */
  readonly linear1: Linear;
  /** From hidden features back. */
  readonly linear2: Linear;
  /** After attention. */
  readonly dropout1: Dropout;
  /** After the linear layers. */
  readonly dropout2: Dropout;

  /**
   * Constructs a new instance.
   *
   * @param options Features, heads, dropout and seed.
   * @throws {OptionError} `INVALID_OPTION` if a number is not what it must be.
   */
  constructor(options: TransformerLayerOptions) {
    super();
    const {
      features,
      heads,
      hidden = 4 * features,
      dropout = 0,
      causal = false,
      rotary = false,
      seed = 0,
    } = optionsOf("TransformerEncoderLayer", options);
    assertFlags("TransformerEncoderLayer", { causal, rotary });
    assertCount("TransformerEncoderLayer hidden", hidden);
    this.settings = { features, heads, hidden, dropout, causal, rotary };
    const key = seedKey(seed);
    this.norm1 = new LayerNorm({ features });
    this.attention = new MultiheadAttention({
      features,
      heads,
      causal,
      rotary,
      seed: splitKey(key, 0),
    });
    this.norm2 = new LayerNorm({ features });
    this.linear1 = new Linear({
      inFeatures: features,
      outFeatures: hidden,
      seed: splitKey(key, 1),
    });
    this.linear2 = new Linear({
      inFeatures: hidden,
      outFeatures: features,
      seed: splitKey(key, 2),
    });
    const probability = dropout;
    this.dropout1 = new Dropout({ probability, seed: splitKey(key, 3) });
    this.dropout2 = new Dropout({ probability, seed: splitKey(key, 4) });
  }

  /**
   * Describes the block.
   *
   * @param x The places, `[batch, places, features]`.
   * @returns The same places, `[batch, places, features]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the shape is another.
   */
  override forward(x: Tensor): Tensor {
    return this.encode(x);
  }

  /**
   * Describes the block where not all places count.
   *
   * @param x The places, `[batch, places, features]`.
   * @param context The mask.
   * @returns The same places, `[batch, places, features]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the shape is another.
   */
  encode(x: Tensor, context?: Pick<AttentionContext, "mask">): Tensor {
    const { mask } = optionsOf("encode", context);
    const gathered = this.attention.attend(
      this.norm1.forward(x),
      mask ? { mask } : {},
    );
    return this.#finish(x, gathered);
  }

  /**
   * Describes the block for further places, which see those before them and each other up to themselves:
   * what `forward` of a causal block gives.
   *
   * @param x The further places, `[batch, places, features]`.
   * @param cache What was seen before, from `attention.cache()`, which stays as it is.
   * @returns The places after the block, and the cache after them.
   * @throws {ShapeError} `SHAPE_MISMATCH` if a shape is another.
   */
  encodeNext(
    x: Tensor,
    cache: AttentionCache,
  ): { readonly output: Tensor; readonly cache: AttentionCache } {
    const next = this.attention.attendNext(this.norm1.forward(x), cache);
    return { output: this.#finish(x, next.output), cache: next.cache };
  }

  #finish(x: Tensor, gathered: Tensor): Tensor {
    const y = x.add(this.dropout1.forward(gathered));
    const hidden = this.linear1.forward(this.norm2.forward(y)).gelu();
    return y.add(this.dropout2.forward(this.linear2.forward(hidden)));
  }
}

/** `transformer_encoder_layer`: {@linkcode TransformerEncoderLayer} by name. */
export const transformerEncoderLayerDefinition: ModuleDefinition<
  TransformerConfig
> = {
  type: "transformer_encoder_layer",
  displayName: "TransformerEncoderLayer",
  description: "Attention and two linear layers, after norms, with shortcuts.",
  category: "Encoder",
  config: {
    type: "object",
    properties: {
      features: COUNT_SCHEMA,
      heads: COUNT_SCHEMA,
      hidden: COUNT_SCHEMA,
      dropout: {
        type: "number",
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0,
      },
      causal: { type: "boolean", default: false },
      rotary: { type: "boolean", default: false },
    },
    required: ["features", "heads"],
  },
  inferShape: ({ features }, [x]) =>
    x!.length === 3
      ? lastAxisShape(x!, features)
      : { wanted: `[batch, places, ${features}]` },
  create: (config, { seed }) =>
    new TransformerEncoderLayer({ ...config, seed }),
  toConfig: (module) =>
    module instanceof TransformerEncoderLayer ? module.settings : undefined,
};
