import type { JsonObject } from "../../core/base/mod.ts";
import type { Tensor } from "../../ops/mod.ts";

/**
 * Says in one number how far predictions are from what they should be.
 *
 * @param prediction What the model gives, `[batch, ...]`.
 * @param target What it should give, `[batch, ...]`.
 * @returns The number, a `float32` scalar, not computed yet.
 */
export type Loss = (prediction: Tensor, target: Tensor) => Tensor;

/** How the losses of a batch's samples become one number. */
export type Reduction = "mean" | "sum";

/** Options of the losses. */
export interface LossOptions {
  /**
   * How the losses of a batch's samples become one number; `none` keeps them apart.
   *
   * @default {"mean"}
   */
  readonly reduction?: Reduction | "none";
}

/** Settings of a loss in a config. */
export interface LossConfig {
  /** How the losses of a batch's samples become one number. */
  readonly reduction: Reduction;
}

/** {@linkcode LossConfig} as JSON Schema. */
export const LOSS_CONFIG_SCHEMA: JsonObject = {
  type: "object",
  properties: {
    reduction: { type: "string", enum: ["mean", "sum"], default: "mean" },
  },
};
