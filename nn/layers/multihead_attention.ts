import { shapeMismatch, splitKey } from "../../core/base/mod.ts";
import type { Tensor } from "../../ops/mod.ts";
import { assertCount } from "../check_options.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { type Seed, seedKey } from "../seed.ts";
import { COUNT_SCHEMA } from "./convolution.ts";
import { Linear } from "./linear.ts";
import { lastAxisShape } from "./norm_config.ts";

/** Settings of {@linkcode MultiheadAttention} in a config. */
export interface AttentionConfig {
  /** How many features each place has. */
  readonly features: number;
  /** How many heads look at once; they share out the features. */
  readonly heads: number;
  /**
   * How many heads keys and values have: fewer than there are heads share them (grouped queries), one is
   * for all (multi-query). As many as heads if left out.
   */
  readonly keyHeads?: number;
  /**
   * Whether a place sees those up to itself only.
   *
   * @default {false}
   */
  readonly causal?: boolean;
  /**
   * Whether something is added to queries, keys, values and results.
   *
   * @default {true}
   */
  readonly bias?: boolean;
}

/** Options of {@linkcode MultiheadAttention}. */
export interface AttentionLayerOptions extends AttentionConfig {
  /**
   * What the first weights depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/** What {@linkcode MultiheadAttention.attend} looks at besides queries. */
export interface AttentionContext {
  /** Where keys and values are taken from, `[batch, places, features]`; the queries if left out. */
  readonly memory?: Tensor;
  /**
   * Which places count: `bool`, or what is added to scores; broadcasts to
   * `[batch, heads, places, memory]`.
   */
  readonly mask?: Tensor;
}

/**
 * Each place gathers values of others, by how well its query matches their keys, in several heads.
 *
 * **Shapes**: `x [batch, places, features] -> y [batch, places, features]`.
 *
 * **Numerics**: scores are products of queries and keys over the root of a head's features; they are
 * never stored.
 *
 * **Source**: Vaswani et al., "Attention is all you need" (2017), §3.2; Ainslie et al., "GQA" (2023) for
 * heads that share keys.
 *
 * @example Four places
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MultiheadAttention } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const layer = new MultiheadAttention({ features: 8, heads: 2, causal: true });
 * assertEquals(layer.forward(ones([1, 4, 8])).shape, [1, 4, 8]);
 * ```
 */
export class MultiheadAttention extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<AttentionConfig>;
  /** Makes queries. */
  readonly query: Linear;
  /** Makes keys. */
  readonly key: Linear;
  /** Makes values. */
  readonly value: Linear;
  /** Makes results of what the heads have gathered. */
  readonly output: Linear;

  /**
   * Constructs a new instance.
   *
   * @param options Features, heads, bias and seed.
   * @throws {OptionError} `INVALID_OPTION` if the features cannot be shared out among the heads, or the
   * heads among those of the keys.
   */
  constructor(
    {
      features,
      heads,
      keyHeads = heads,
      causal = false,
      bias = true,
      seed = 0,
    }: AttentionLayerOptions,
  ) {
    super();
    assertCount("MultiheadAttention features", features);
    assertCount("MultiheadAttention heads", heads);
    assertCount("MultiheadAttention keyHeads", keyHeads);
    assertCount("MultiheadAttention features per head", features / heads);
    assertCount("MultiheadAttention heads per keyHead", heads / keyHeads);
    this.settings = { features, heads, keyHeads, causal, bias };
    const shared = features / heads * keyHeads;
    const key = seedKey(seed);
    const [query, keys, values, output] = [features, shared, shared, features]
      .map((outFeatures, i) =>
        new Linear({
          inFeatures: features,
          outFeatures,
          bias,
          seed: splitKey(key, i),
        })
      ) as [Linear, Linear, Linear, Linear];
    this.query = query;
    this.key = keys;
    this.value = values;
    this.output = output;
  }

  /**
   * Describes what each place gathers of the others.
   *
   * @param x The places, `[batch, places, features]`.
   * @returns What they gather, `[batch, places, features]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the shape is another.
   */
  override forward(x: Tensor): Tensor {
    return this.attend(x);
  }

  /**
   * Describes what each place gathers of a memory, or of the places that a mask allows.
   *
   * @param x The places, `[batch, places, features]`.
   * @param context Memory and mask.
   * @returns What they gather, `[batch, places, features]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if a shape is another.
   */
  attend(x: Tensor, { memory = x, mask }: AttentionContext = {}): Tensor {
    const { features, heads, keyHeads, causal } = this.settings;
    for (const places of [x, memory]) {
      if (places.rank === 3 && places.shape[2] === features) continue;
      throw shapeMismatch("MultiheadAttention", places.shape, [features], {
        rule: "it must be [batch, places, features]",
      });
    }
    const query = splitHeads(this.query.forward(x), heads);
    const [key, value] = [this.key, this.value].map((layer) =>
      repeatHeads(splitHeads(layer.forward(memory), keyHeads), heads)
    ) as [Tensor, Tensor];
    const gathered = query.scaledDotProductAttention(key, value, {
      causal,
      ...mask && { mask },
    });
    return this.output.forward(
      gathered.permute([0, 2, 1, 3]).reshape([...x.shape]),
    );
  }
}

/** `[batch, places, features]` as `[batch, heads, places, features of a head]`. */
function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, places, features] = x.shape as [number, number, number];
  return x.reshape([batch, places, heads, features / heads])
    .permute([0, 2, 1, 3]);
}

/** Lets several heads see the same keys. */
function repeatHeads(x: Tensor, heads: number): Tensor {
  const [batch, shared, places, features] = x.shape as [
    number,
    number,
    number,
    number,
  ];
  if (shared === heads) return x;
  return x.unsqueeze(2)
    .expand([batch, shared, heads / shared, places, features])
    .reshape([batch, heads, places, features]);
}

/** `multihead_attention`: {@linkcode MultiheadAttention} by name. */
export const multiheadAttentionDefinition: ModuleDefinition<AttentionConfig> = {
  type: "multihead_attention",
  displayName: "MultiheadAttention",
  description:
    "Each place gathers values of others whose keys match its query.",
  category: "Attention",
  config: {
    type: "object",
    properties: {
      features: COUNT_SCHEMA,
      heads: COUNT_SCHEMA,
      keyHeads: COUNT_SCHEMA,
      causal: { type: "boolean", default: false },
      bias: { type: "boolean", default: true },
    },
    required: ["features", "heads"],
  },
  inferShape: ({ features }, [x]) =>
    x!.length === 3
      ? lastAxisShape(x!, features)
      : { wanted: `[batch, places, ${features}]` },
  create: (config, { seed }) => new MultiheadAttention({ ...config, seed }),
  toConfig: (module) =>
    module instanceof MultiheadAttention ? module.settings : undefined,
};
