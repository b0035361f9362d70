/**
 * Derivatives of attention. The first is one kernel, which stores no scores. Those of the helpers, and
 * so second derivatives, and the gradient of a mask are written with matrix products, which do.
 *
 * @module
 */
import { sizeOf } from "../../../core/base/mod.ts";
import { attentionGradients } from "../../builtin/attention_gradients.ts";
import { attentionLogSumExp } from "../../builtin/attention_log_sum_exp.ts";
import {
  type AttentionAttributes,
  scaleOf,
} from "../../builtin/attention_shapes.ts";
import { add, binary, mul, sub } from "../../builtin/binary.ts";
import { iota } from "../../builtin/iota.ts";
import { matmul } from "../../builtin/matmul.ts";
import { swapLastAxes } from "../../builtin/permute.ts";
import { reduce } from "../../builtin/reduce.ts";
import { reshape } from "../../builtin/reshape.ts";
import { sliceAxis } from "../../builtin/slice.ts";
import { unary } from "../../builtin/unary.ts";
import { where } from "../../builtin/where.ts";
import type { Attributes, Node, Vjp } from "../../graph/node.ts";
import { unbroadcast } from "./elementwise.ts";

/** Gradients of attention and of what it is made of, by name. */
export const ATTENTION_DERIVATIVES: Readonly<Record<string, Vjp>> = {
  attention({ inputs, output, gradient }, attributes) {
    const [query, key, value, mask] = inputs as [Node, Node, Node, Node];
    const settings = settingsOf(attributes);
    const logSumExp = attentionLogSumExp({ query, key, mask }, settings);
    const delta = sumLast(mul(gradient, output));
    const call = { query, key, value, gradient, logSumExp, delta, mask };
    const packed = attentionGradients(call, settings);
    const [ofQuery, ofKey, ofValue] = unpack(packed, [query, key, value]);
    return [
      unbroadcast(ofQuery, query),
      unbroadcast(ofKey, key),
      unbroadcast(ofValue, value),
      ofMask(mask, () => {
        const weights = weightsOf({ query, key, mask, logSumExp }, attributes);
        const slopes = matmul(gradient, swapLastAxes(value));
        return mul(weights, sub(slopes, asColumn(delta)));
      }),
    ];
  },
  // ∂/∂scores is the weights.
  attentionLogSumExp({ inputs, output: logSumExp, gradient }, attributes) {
    const [query, key, mask] = inputs as [Node, Node, Node];
    const weights = weightsOf({ query, key, mask, logSumExp }, attributes);
    const slopes = mul(weights, asColumn(gradient));
    const scaled = mul(slopes, scaleFrom(query, attributes));
    return [
      unbroadcast(matmul(scaled, key), query),
      unbroadcast(matmul(swapLastAxes(scaled), query), key),
      ofMask(mask, () => slopes),
    ];
  },
  // With weights P, slopes X = P (g vᵀ - δ) and gradients a, b, c of scale X k, scale Xᵀ q and Pᵀ g, the
  // loss is Σ X Z + Σ P C where Z = scale (a kᵀ + q bᵀ) and C = g cᵀ.
  attentionGradients({ inputs, gradient: packed }, attributes) {
    const [query, key, value, gradient, logSumExp, delta, mask] = inputs as [
      Node,
      Node,
      Node,
      Node,
      Node,
      Node,
      Node,
    ];
    const scale = scaleFrom(query, attributes);
    const [a, b, c] = unpack(packed, [query, key, value]);
    const p = weightsOf({ query, key, mask, logSumExp }, attributes);
    const centered = sub(
      matmul(gradient, swapLastAxes(value)),
      asColumn(delta),
    );
    const x = mul(p, centered);
    const z = mul(
      add(matmul(a, swapLastAxes(key)), matmul(query, swapLastAxes(b))),
      scale,
    );
    const pz = mul(p, z);
    const w = add(
      mul(p, matmul(gradient, swapLastAxes(c))),
      mul(pz, centered),
    );
    const [scaledW, scaledX] = [mul(w, scale), mul(x, scale)];
    const ofInputs = [
      add(matmul(scaledW, key), matmul(scaledX, b)),
      add(
        matmul(swapLastAxes(scaledW), query),
        matmul(swapLastAxes(scaledX), a),
      ),
      matmul(swapLastAxes(pz), gradient),
      add(matmul(pz, value), matmul(p, c)),
      unary("neg", sumLast(w)),
      unary("neg", sumLast(pz)),
    ];
    return [
      ...ofInputs.map((found, i) => unbroadcast(found, inputs[i]!)),
      ofMask(mask, () => w),
    ];
  },
};

/** The gradient of a mask that is added to the scores, from that of the scores. */
function ofMask(mask: Node, slopes: () => Node): Node | undefined {
  const isLearned = mask.type.dtype === "float32" && mask.kind !== "constant";
  return isLearned ? unbroadcast(slopes(), mask) : undefined;
}

/** The weights, as they are never stored otherwise: `[..., L, S]`. */
function weightsOf(
  { query, key, mask, logSumExp }: Readonly<
    Record<"query" | "key" | "mask" | "logSumExp", Node>
  >,
  attributes: Attributes,
): Node {
  const products = mul(
    matmul(query, swapLastAxes(key)),
    scaleFrom(query, attributes),
  );
  const isTruth = mask.type.dtype === "bool";
  const scores = isTruth
    ? where(mask, [products, -Infinity])
    : add(products, mask);
  const seen = attributes.causal ? onlyBefore(scores) : scores;
  // A query that sees nothing has no weights, instead of -Infinity - -Infinity.
  const finite = where(binary("equal", [logSumExp, -Infinity]), [0, logSumExp]);
  return unary("exp", sub(seen, asColumn(finite)));
}

/** Takes keys out of sight that come after the query. */
function onlyBefore(scores: Node): Node {
  const [queries, keys] = scores.type.shape.slice(-2) as [number, number];
  const isBefore = binary("lessOrEqual", [
    iota(keys),
    reshape(iota(queries), [queries, 1]),
  ]);
  return where(isBefore, [scores, -Infinity]);
}

function settingsOf({ causal, scale }: Attributes): AttentionAttributes {
  return {
    causal: causal === true,
    scale: typeof scale === "number" ? scale : null,
  };
}

function scaleFrom({ type }: Node, attributes: Attributes): number {
  return scaleOf({ inputs: [type], attributes });
}

function sumLast(x: Node): Node {
  return reduce("sum", x, { axes: -1, keepDims: false });
}

/** One number a query, beside a row of scores. */
function asColumn(x: Node): Node {
  return reshape(x, [...x.type.shape, 1]);
}

/** The parts of an array that lie one after another along its last axis, each with its own shape. */
function unpack(packed: Node, like: readonly [Node, Node, Node]): [
  Node,
  Node,
  Node,
] {
  const batch = packed.type.shape.slice(0, -1);
  let start = 0;
  return like.map(({ type: { shape } }) => {
    const matrix = shape.slice(-2);
    const size = sizeOf(matrix);
    const part = sliceAxis(packed, batch.length, { start, end: start + size });
    start += size;
    return reshape(part, [...batch, ...matrix]);
  }) as [Node, Node, Node];
}
