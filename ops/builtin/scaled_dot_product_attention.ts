import {
  type DType,
  dtypeMismatch,
  isFloatDType,
  promoteDTypes,
} from "../../core/base/mod.ts";
import { apply, type Operand } from "../apply.ts";
import {
  type CompositeOperator,
  constant,
  type Node,
  type TensorType,
} from "../graph/node.ts";
import { attention, attentionOperator } from "./attention.ts";
import {
  type AttentionAttributes,
  attentionShape,
} from "./attention_shapes.ts";
import { cast } from "./cast.ts";
import { FLOAT_DTYPES } from "./number_dtypes.ts";

const NAME = "scaledDotProductAttention";

/**
 * Scaled dot-product attention: for each query, the mean of the values, weighted by
 * `softmax_j(scale query_i key_j + mask_ij)`.
 *
 * **Shapes**: `query [..., L, E], key [..., S, E], value [..., S, V], mask [..., L, S] -> y [..., L, V]`.
 * Leading axes broadcast: keys and values that several heads share need not be repeated. The mask
 * broadcasts to the scores; of dtype `bool`, it says which keys a query sees.
 *
 * **Numerics**: `attention`, in `float32`; the result has the dtype that queries, keys and values meet
 * in. A query that sees no key gives zeros, as in PyTorch from 2.5 on, and not the `NaN`s of a softmax
 * over nothing. A key or value that is not finite may make results of queries that do not see it `NaN`.
 *
 * **Source**: Vaswani et al., "Attention is all you need" (2017), §3.2.1; PyTorch
 * `scaled_dot_product_attention`.
 */
export const scaledDotProductAttentionOperator: CompositeOperator = {
  kind: "composite",
  name: NAME,
  version: "1.0.0",
  description: "Means of values, weighted by how well queries match keys.",
  schema: attentionOperator.schema,
  infer: (inputs) => ({
    dtype: resultDType(inputs),
    shape: attentionShape(NAME, inputs.map(asFloat)),
  }),
  decompose(inputs, attributes) {
    const [query, key, value, mask] = inputs.map((input) =>
      input.type.dtype === "bool" ? input : toFloat32(input)
    ) as [Node, Node, Node, Node];
    const { causal, scale } = attributes;
    const y = attention({ query, key, value, mask }, {
      causal: causal === true,
      scale: typeof scale === "number" ? scale : null,
    });
    return cast(y, resultDType(inputs.map(({ type }) => type)));
  },
};

/** A mask that is one number stays a number. */
function toFloat32(input: Node): Node {
  return input.kind === "constant"
    ? constant(input.value, { dtype: "float32", shape: input.type.shape })
    : cast(input, "float32");
}

/** An input as the primitive sees it; the mask, which comes last, may also be `bool`. */
function asFloat({ dtype, shape }: TensorType, input: number): TensorType {
  const isMask = input === 3;
  if (isMask && dtype === "bool") return { dtype, shape };
  if (!isFloatDType(dtype)) {
    const wanted: readonly DType[] = isMask
      ? ["bool", ...FLOAT_DTYPES]
      : FLOAT_DTYPES;
    throw dtypeMismatch(NAME, dtype, wanted);
  }
  return { dtype: "float32", shape };
}

function resultDType(
  [query, key, value]: readonly Pick<TensorType, "dtype">[],
): DType {
  return promoteDTypes(promoteDTypes(query!.dtype, key!.dtype), value!.dtype);
}

/**
 * Attends; see {@linkcode scaledDotProductAttentionOperator}.
 *
 * @param inputs Queries, keys, values, and a mask: 0 if there is none.
 * @param attributes Whether queries see later keys, and what products are multiplied by.
 * @returns The weighted means, `[..., L, V]`.
 */
export function scaledDotProductAttention(
  { query, key, value, mask }: {
    readonly query: Node;
    readonly key: Node;
    readonly value: Node;
    readonly mask: Operand;
  },
  { causal, scale }: AttentionAttributes,
): Node {
  return apply(
    scaledDotProductAttentionOperator,
    [query, key, value, mask],
    { causal, scale },
  );
}
