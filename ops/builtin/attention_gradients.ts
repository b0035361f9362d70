import {
  broadcastShapes,
  dtypeMismatch,
  equalShapes,
  type Shape,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { apply, type Operand } from "../apply.ts";
import type { Node, PrimitiveOperator, TensorType } from "../graph/node.ts";
import {
  assertMask,
  type AttentionAttributes,
  attentionBatch,
  scaleOf,
} from "./attention_shapes.ts";

/** Names of the inputs, in order. */
export const GRADIENTS_INPUTS = [
  "query",
  "key",
  "value",
  "gradient",
  "logSumExp",
  "delta",
  "mask",
] as const;

/**
 * Gradients of attention with respect to queries, keys and values, in one array, because they share
 * the weights: for each batch those of the queries, then of the keys, then of the values.
 * `logSumExp` is that of `attentionLogSumExp`, `delta_i = Σ_e gradient_ie output_ie`.
 *
 * **Shapes**: `query [..., L, E], key [..., S, E], value [..., S, V], gradient [..., L, V],
 * logSumExp [..., L], delta [..., L], mask [..., L, S] -> y [..., L E + S E + S V]`.
 *
 * **Numerics**: the weights are computed again, block by block, and never stored.
 *
 * **Cost**: `2 L S (3 E + 2 V)` operations a batch, half of it where `causal`.
 *
 * **Source**: Dao et al., "FlashAttention" (2022), algorithm 4.
 */
export const attentionGradientsOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "attentionGradients",
  version: "1.0.0",
  description: "Gradients of attention: queries, keys and values in one array.",
  schema: {
    inputs: GRADIENTS_INPUTS,
    attributes: { causal: "boolean", scale: "numberOrNull" },
  },
  infer(types) {
    const operator = "attentionGradients";
    const [query, key, value, gradient, logSumExp, delta, mask] = types as [
      TensorType,
      TensorType,
      TensorType,
      TensorType,
      TensorType,
      TensorType,
      TensorType,
    ];
    const batch = attentionBatch(operator, { query, key, value });
    const [queries, depth] = query.shape.slice(-2) as [number, number];
    const [keys, width] = value.shape.slice(-2) as [number, number];
    assertMask(operator, mask, [...batch, queries, keys]);
    assertBroadcasts(operator, gradient, [...batch, queries, width]);
    assertBroadcasts(operator, logSumExp, [...batch, queries]);
    assertBroadcasts(operator, delta, [...batch, queries]);
    const size = queries * depth + keys * (depth + width);
    return { dtype: "float32", shape: [...batch, size] };
  },
  lowering: { kind: "attention", role: "gradients", scale: scaleOf },
};

function assertBroadcasts(
  operator: string,
  { dtype, shape }: TensorType,
  wanted: Shape,
): void {
  if (dtype !== "float32") throw dtypeMismatch(operator, dtype, ["float32"]);
  const isSmaller = shape.length <= wanted.length &&
    equalShapes(broadcastShapes(operator, shape, wanted), wanted);
  if (isSmaller) return;
  throw shapeMismatch(operator, shape, wanted, {
    rule: "the first must broadcast to the second",
  });
}

/** Inputs of {@linkcode attentionGradients}. */
export type GradientsInputs =
  & Readonly<
    Record<Exclude<typeof GRADIENTS_INPUTS[number], "mask">, Node>
  >
  & {
    /** What is added to the scores, or says which count; 0 if there is nothing. */
    readonly mask: Operand;
  };

/**
 * Takes the gradients of an attention; see {@linkcode attentionGradientsOperator}.
 *
 * @param inputs What the attention was given, and what is known of its output.
 * @param attributes Settings of the attention.
 * @returns The gradients, `[..., L E + S E + S V]`.
 */
export function attentionGradients(
  inputs: GradientsInputs,
  { causal, scale }: AttentionAttributes,
): Node {
  const ordered = GRADIENTS_INPUTS.map((name) => inputs[name]);
  return apply(attentionGradientsOperator, ordered, { causal, scale });
}
