/**
 * What the operators of attention have in common: which inputs fit together.
 *
 * @module
 */
import {
  broadcastShapes,
  dtypeMismatch,
  equalShapes,
  invalidShape,
  type Shape,
  shapeMismatch,
} from "../../core/base/mod.ts";
import type { LoweredCall, TensorType } from "../graph/node.ts";

/** Settings of attention. */
export interface AttentionAttributes {
  /** Whether a query sees no key that comes after it: key j for query i where j > i. */
  readonly causal: boolean;
  /** What products of queries and keys are multiplied by; 1/√E if `null`. */
  readonly scale: number | null;
}

/**
 * Requires queries, keys and values that fit together.
 *
 * @param operator Name of the operator, for the message.
 * @param inputs Their types; there may be no values.
 * @returns The batch axes that they broadcast to.
 */
export function attentionBatch(
  operator: string,
  { query, key, value }: {
    readonly query: TensorType;
    readonly key: TensorType;
    readonly value?: TensorType;
  },
): Shape {
  const inputs = value ? [query, key, value] : [query, key];
  for (const { dtype, shape } of inputs) {
    if (dtype !== "float32") throw dtypeMismatch(operator, dtype, ["float32"]);
    if (shape.length < 2) throw invalidShape(operator, shape);
  }
  if (query.shape.at(-1) !== key.shape.at(-1)) {
    throw shapeMismatch(operator, query.shape, key.shape, {
      rule: "query and key must have equal last sizes",
    });
  }
  if (value && value.shape.at(-2) !== key.shape.at(-2)) {
    throw shapeMismatch(operator, key.shape, value.shape, {
      rule: "there must be as many keys as values",
    });
  }
  return inputs.reduce<Shape>(
    (batch, { shape }) => broadcastShapes(operator, batch, shape.slice(0, -2)),
    [],
  );
}

/**
 * Requires a mask that broadcasts to the scores.
 *
 * @param operator Name of the operator, for the message.
 * @param mask Its type.
 * @param scores Shape of the scores.
 */
export function assertMask(
  operator: string,
  { dtype, shape }: TensorType,
  scores: Shape,
): void {
  if (dtype === "int32") {
    throw dtypeMismatch(operator, dtype, ["bool", "float32"]);
  }
  const isSmaller = shape.length <= scores.length &&
    equalShapes(broadcastShapes(operator, shape, scores), scores);
  if (isSmaller) return;
  throw shapeMismatch(operator, shape, scores, {
    rule: "the mask must broadcast to the scores",
  });
}

/**
 * Tells what products of queries and keys are multiplied by.
 *
 * @param call The call.
 * @returns The factor.
 */
export function scaleOf(
  { inputs: [query], attributes: { scale } }: Pick<
    LoweredCall,
    "inputs" | "attributes"
  >,
): number {
  if (typeof scale === "number") return scale;
  // Queries of no numbers have products of 0, whatever they are multiplied by.
  return 1 / Math.sqrt(Math.max(1, query!.shape.at(-1)!));
}

/**
 * Infers the shape of an attention's output.
 *
 * @param operator Name of the operator, for the message.
 * @param inputs Types of queries, keys, values and mask.
 * @returns The shape.
 */
export function attentionShape(
  operator: string,
  inputs: readonly TensorType[],
): Shape {
  const [query, key, value, mask] = inputs as [
    TensorType,
    TensorType,
    TensorType,
    TensorType,
  ];
  const batch = attentionBatch(operator, { query, key, value });
  const [queries, keys] = [query.shape.at(-2)!, key.shape.at(-2)!];
  assertMask(operator, mask, [...batch, queries, keys]);
  return [...batch, queries, value.shape.at(-1)!];
}
