import { apply, type Operand } from "../apply.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";
import {
  assertMask,
  type AttentionAttributes,
  attentionBatch,
  scaleOf,
} from "./attention_shapes.ts";

/**
 * What the weights of an attention are divided by, as logarithms: `log Σ_j exp(scores_ij)` with
 * `scores_ij = scale query_i key_j + mask_ij`. It stands for all weights of a query, which the gradient
 * computes again from it.
 *
 * **Shapes**: `query [..., L, E], key [..., S, E], mask [..., L, S] -> y [..., L]`.
 *
 * **Numerics**: scores are never stored, and no finite one overflows. A query that sees no key gives
 * `-Infinity`.
 *
 * **Source**: Dao, "FlashAttention-2" (2023), §3.1.
 */
export const attentionLogSumExpOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "attentionLogSumExp",
  version: "1.0.0",
  description: "Logarithms of the sums that attention divides its weights by.",
  schema: {
    inputs: ["query", "key", "mask"],
    attributes: { causal: "boolean", scale: "numberOrNull" },
  },
  infer([query, key, mask]) {
    const operator = "attentionLogSumExp";
    const batch = attentionBatch(operator, { query: query!, key: key! });
    const [queries, keys] = [query!.shape.at(-2)!, key!.shape.at(-2)!];
    assertMask(operator, mask!, [...batch, queries, keys]);
    return { dtype: "float32", shape: [...batch, queries] };
  },
  lowering: { kind: "attention", role: "logSumExp", scale: scaleOf },
};

/**
 * Adds up the exponentials of an attention; see {@linkcode attentionLogSumExpOperator}.
 *
 * @param inputs Queries, keys, and a mask: 0 if there is none.
 * @param attributes Settings of the attention.
 * @returns The logarithms of the sums, `[..., L]`.
 */
export function attentionLogSumExp(
  { query, key, mask }: {
    readonly query: Node;
    readonly key: Node;
    readonly mask: Operand;
  },
  { causal, scale }: AttentionAttributes,
): Node {
  const inputs = [query, key, mask];
  return apply(attentionLogSumExpOperator, inputs, { causal, scale });
}
