import { apply, type Operand } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";
import {
  type AttentionAttributes,
  attentionShape,
  scaleOf,
} from "./attention_shapes.ts";

/**
 * Attention over `float32`: for each query, the mean of the values, weighted by
 * `softmax_j(scale query_i key_j + mask_ij)`.
 *
 * **Shapes**: `query [..., L, E], key [..., S, E], value [..., S, V], mask [..., L, S] -> y [..., L, V]`.
 * Leading axes broadcast: keys and values that several heads share need not be repeated. The mask
 * broadcasts to the scores.
 *
 * **Numerics**: scores are never stored, but computed block by block, each subtracted by the largest
 * one so far, so that no finite score overflows. A query that sees no key gives zeros, as in PyTorch
 * from 2.5 on, and not the `NaN`s of a softmax over nothing.
 *
 * **Cost**: `2 L S (E + V)` operations a batch, half of it where `causal`; memory beside inputs and
 * output does not grow with `L` or `S`.
 *
 * **Source**: Vaswani et al., "Attention is all you need" (2017), §3.2.1; Milakov and Gimelshein,
 * "Online normalizer calculation for softmax" (2018); Dao et al., "FlashAttention" (2022).
 */
export const attentionOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "attention",
  version: "1.0.0",
  description: "Means of values, weighted by how well queries match keys.",
  schema: {
    inputs: ["query", "key", "value", "mask"],
    attributes: { causal: "boolean", scale: "numberOrNull" },
  },
  infer: (inputs) => ({
    dtype: "float32",
    shape: attentionShape("attention", inputs),
  }),
  lowering: { kind: "attention", role: "output", scale: scaleOf },
};

/**
 * Attends; see {@linkcode attentionOperator}.
 *
 * @param inputs Queries, keys, values, and a mask: 0 if there is none.
 * @param attributes Whether queries see later keys, and what products are multiplied by.
 * @returns The weighted means, `[..., L, V]`.
 */
export function attention(
  { query, key, value, mask }: {
    readonly query: Node;
    readonly key: Node;
    readonly value: Node;
    readonly mask: Operand;
  },
  { causal, scale }: AttentionAttributes,
): Node {
  return apply(
    attentionOperator,
    [query, key, value, mask],
    { causal, scale },
  );
}
