import { splitKey } from "../../core/base/mod.ts";
import { optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertCount } from "../check/assert_number.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { seedKey } from "../seed.ts";
import { COUNT_SCHEMA } from "./convolution.ts";
import { Dropout } from "./dropout.ts";
import { LayerNorm } from "./layer_norm.ts";
import { Linear } from "./linear.ts";
import {
  type AttentionContext,
  MultiheadAttention,
} from "./multihead_attention.ts";
import { lastAxisShape } from "./norm_config.ts";
import type {
  TransformerConfig,
  TransformerLayerOptions,
} from "./transformer_encoder_layer.ts";

/** Settings of {@linkcode TransformerDecoderLayer} in a config. */
export type DecoderConfig = Omit<TransformerConfig, "causal" | "rotary">;

/** Options of {@linkcode TransformerDecoderLayer}. */
export type DecoderOptions = Omit<
  TransformerLayerOptions,
  "causal" | "rotary"
>;

/**
 * Attention to the places up to each, attention to a memory, then two linear layers with gelu between
 * them, each after a norm and added to what came in.
 *
 * **Shapes**: `x [batch, places, features], memory [batch, others, features] -> y [batch, places,
 * features]`.
 *
 * **Source**: Vaswani et al., "Attention is all you need" (2017), §3.1, with the norms first as in Xiong
 * et al., "On layer normalization in the transformer architecture" (2020).
 *
 * @example A translation in the making
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { TransformerDecoderLayer } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const block = new TransformerDecoderLayer({ features: 8, heads: 2 });
 * assertEquals(block.forward(ones([2, 5, 8]), ones([2, 7, 8])).shape, [2, 5, 8]);
 * ```
 */
export class TransformerDecoderLayer extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<DecoderConfig>;
  /** Before attention to the places themselves. */
  readonly norm1: LayerNorm;
  /** What each place gathers of those up to itself. */
  readonly attention: MultiheadAttention;
  /** Before attention to the memory. */
  readonly norm2: LayerNorm;
  /** What each place gathers of the memory. */
  readonly crossAttention: MultiheadAttention;
  /** Before the linear layers. */
  readonly norm3: LayerNorm;
  /** From features to hidden ones. */
  readonly linear1: Linear;
  /** From hidden features back. */
  readonly linear2: Linear;
  /** After each of the three parts. */
  readonly dropouts: readonly Dropout[];

  /**
   * Constructs a new instance.
   *
   * @param options Features, heads, dropout and seed.
   * @throws {OptionError} `INVALID_OPTION` if a number is not what it must be.
   */
  constructor(options: DecoderOptions) {
    super();
    const { features, heads, hidden = 4 * features, dropout = 0, seed = 0 } =
      optionsOf("TransformerDecoderLayer", options);
    assertCount("TransformerDecoderLayer hidden", hidden);
    this.settings = { features, heads, hidden, dropout };
    const key = seedKey(seed);
    const attend = (i: number, causal: boolean) =>
      new MultiheadAttention({
        features,
        heads,
        causal,
        seed: splitKey(key, i),
      });
    const linear = (i: number, inFeatures: number, outFeatures: number) =>
      new Linear({ inFeatures, outFeatures, seed: splitKey(key, i) });
    this.norm1 = new LayerNorm({ features });
    this.attention = attend(0, true);
    this.norm2 = new LayerNorm({ features });
    this.crossAttention = attend(1, false);
    this.norm3 = new LayerNorm({ features });
    this.linear1 = linear(2, features, hidden);
    this.linear2 = linear(3, hidden, features);
    this.dropouts = [4, 5, 6].map((i) =>
      new Dropout({ probability: dropout, seed: splitKey(key, i) })
    );
  }

  /**
   * Describes the block.
   *
   * @param x The places, `[batch, places, features]`.
   * @param memory What is attended to besides, `[batch, others, features]`; the places if left out.
   * @returns The same places, `[batch, places, features]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if a shape is another.
   */
  override forward(x: Tensor, memory: Tensor = x): Tensor {
    return this.decode(x, { memory });
  }

  /**
   * Describes the block where not all places of the memory count.
   *
   * @param x The places, `[batch, places, features]`.
   * @param context Memory, and which of its places count.
   * @returns The same places, `[batch, places, features]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if a shape is another.
   */
  decode(x: Tensor, context: AttentionContext): Tensor {
    const own = this.attention.attend(this.norm1.forward(x));
    const y = x.add(this.dropouts[0]!.forward(own));
    const other = this.crossAttention.attend(this.norm2.forward(y), context);
    const z = y.add(this.dropouts[1]!.forward(other));
    const hidden = this.linear1.forward(this.norm3.forward(z)).gelu();
    return z.add(this.dropouts[2]!.forward(this.linear2.forward(hidden)));
  }
}

/** `transformer_decoder_layer`: {@linkcode TransformerDecoderLayer} by name. */
export const transformerDecoderLayerDefinition: ModuleDefinition<
  DecoderConfig
> = {
  type: "transformer_decoder_layer",
  displayName: "TransformerDecoderLayer",
  description: "Attention to places before and to a memory, and linear layers.",
  category: "Decoder",
  config: {
    type: "object",
    properties: {
      features: COUNT_SCHEMA,
      heads: COUNT_SCHEMA,
      hidden: COUNT_SCHEMA,
      dropout: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0 },
    },
    required: ["features", "heads"],
  },
  inferShape: ({ features }, [x]) =>
    x!.length === 3
      ? lastAxisShape(x!, features)
      : { wanted: `[batch, places, ${features}]` },
  create: (config, { seed }) =>
    new TransformerDecoderLayer({ ...config, seed }),
  toConfig: (module) =>
    module instanceof TransformerDecoderLayer ? module.settings : undefined,
};
