import { shapeMismatch, splitKey } from "../../core/base/mod.ts";
import {
  type AttentionOptions,
  optionsOf,
  type Tensor,
} from "../../ops/mod.ts";
import { assertFlags } from "../check/assert_flags.ts";
import { assertCount } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { type Seed, seedKey } from "../seed.ts";
import {
  assertCache,
  type AttentionCache,
  emptyCache,
  extendCache,
  seenPlaces,
} from "./attention_cache.ts";
import { COUNT_SCHEMA } from "./convolution.ts";
import { Linear } from "./linear.ts";
import { lastAxisShape } from "./norm_config.ts";
import { rotary } from "./rotary.ts";

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
  /**
   * Whether queries and keys are turned by their places, so that it matters how far apart they are.
   *
   * @default {false}
   */
  readonly rotary?: boolean;
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
  constructor(options: AttentionLayerOptions) {
    super();
    const {
      features,
      heads,
      keyHeads = heads,
      causal = false,
      bias = true,
      rotary = false,
      seed = 0,
    } = optionsOf("MultiheadAttention", options);
    assertFlags("MultiheadAttention", { causal, bias, rotary });
    assertCount("MultiheadAttention features", features);
    assertCount("MultiheadAttention heads", heads);
    assertCount("MultiheadAttention keyHeads", keyHeads);
    assertCount("MultiheadAttention features per head", features / heads);
    assertCount("MultiheadAttention heads per keyHead", heads / keyHeads);
    if (rotary) {
      const pairs = features / heads / 2;
      assertCount("MultiheadAttention pairs of features per head", pairs);
    }
    this.settings = { features, heads, keyHeads, causal, bias, rotary };
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
  attend(x: Tensor, context?: AttentionContext): Tensor {
    const { memory = x, mask } = optionsOf("attend", context);
    for (const places of [x, memory]) this.#assertPlaces(places);
    const { causal } = this.settings;
    const query = this.#queries(x, 0);
    const { key, value } = this.#keys(memory, 0);
    return this.#gather(query, { key, value }, { causal, ...mask && { mask } });
  }

  /**
   * Makes room for keys and values of places that will be seen one after another.
   *
   * @param batch How many sequences there are.
   * @param capacity How many places each may have at most.
   * @returns A cache in which nothing was seen.
   * @throws {OptionError} `INVALID_OPTION` if a number is no whole number above 0.
   */
  cache(batch: number, capacity: number): AttentionCache {
    assertCount("MultiheadAttention batch", batch);
    assertCount("MultiheadAttention capacity", capacity);
    const { features, heads, keyHeads } = this.settings;
    return emptyCache([batch, keyHeads, capacity, features / heads]);
  }

  /**
   * Describes what further places gather of those before them and of each other, up to themselves:
   * what `forward` of a causal layer gives, without keys and values being computed again.
   *
   * **Cost**: products with as many places as the cache has room for.
   *
   * @example Place after place
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { MultiheadAttention } from "@spiraltorch/spiraltorch/nn";
   * import { ones } from "@spiraltorch/spiraltorch/ops";
   *
   * const layer = new MultiheadAttention({ features: 4, heads: 2, causal: true });
   * const first = layer.attendNext(ones([1, 3, 4]), layer.cache(1, 10));
   * const second = layer.attendNext(ones([1, 1, 4]), first.cache);
   * assertEquals(second.output.shape, [1, 1, 4]);
   * assertEquals(await second.cache.length.item(), 4);
   * ```
   *
   * @param x The further places, `[batch, places, features]`.
   * @param cache What was seen before, which stays as it is.
   * @returns What the places gather, and the cache after them.
   * @throws {ShapeError} `SHAPE_MISMATCH` if a shape is another.
   */
  attendNext(
    x: Tensor,
    cache: AttentionCache,
  ): { readonly output: Tensor; readonly cache: AttentionCache } {
    this.#assertPlaces(x);
    assertCache(cache);
    const { length } = cache;
    const after = extendCache(cache, this.#keys(x, length));
    const mask = seenPlaces(x.shape[1]!, cache);
    const query = this.#queries(x, length);
    return { output: this.#gather(query, after, { mask }), cache: after };
  }

  #assertPlaces(x: Tensor): void {
    assertTensor("MultiheadAttention", x);
    const { rank, shape } = x;
    const { features } = this.settings;
    if (rank === 3 && shape[2] === features) return;
    throw shapeMismatch("MultiheadAttention", shape, [features], {
      rule: "it must be [batch, places, features]",
    });
  }

  #queries(x: Tensor, offset: number | Tensor): Tensor {
    const query = splitHeads(this.query.forward(x), this.settings.heads);
    return this.settings.rotary ? rotary(query, { offset }) : query;
  }

  #keys(
    x: Tensor,
    offset: number | Tensor,
  ): Pick<AttentionCache, "key" | "value"> {
    const { keyHeads } = this.settings;
    const key = splitHeads(this.key.forward(x), keyHeads);
    const value = splitHeads(this.value.forward(x), keyHeads);
    return { key: this.settings.rotary ? rotary(key, { offset }) : key, value };
  }

  #gather(
    query: Tensor,
    { key, value }: Pick<AttentionCache, "key" | "value">,
    options: AttentionOptions,
  ): Tensor {
    const { features, heads } = this.settings;
    const [keys, values] = [key, value].map((x) => repeatHeads(x, heads));
    const gathered = query.scaledDotProductAttention(keys!, values!, options);
    const [batch, , places] = query.shape as [number, number, number];
    return this.output.forward(
      gathered.permute([0, 2, 1, 3]).reshape([batch, places, features]),
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
      rotary: { type: "boolean", default: false },
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
