import { optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { crossEntropy } from "./cross_entropy.ts";
import {
  type Loss,
  LOSS_CONFIG_SCHEMA,
  type LossConfig,
  type LossOptions,
} from "./loss.ts";
import { reduceLosses } from "./reduce_losses.ts";

/** Options of {@linkcode focal}. */
export interface FocalOptions extends LossOptions {
  /**
   * How much less what is right already counts; 0 is cross entropy.
   *
   * @default {2}
   */
  readonly gamma?: number;
}

/** Settings of {@linkcode focal} in a config. */
export interface FocalConfig extends LossConfig {
  /** How much less what is right already counts. */
  readonly gamma: number;
}

/**
 * Cross entropy in which samples that are right already count less: `-(1 - p)^γ log p` of the right
 * class's probability `p`.
 *
 * **Shapes**: `logits [batch, classes], targets [batch] -> scalar`; `[batch]` without reduction.
 *
 * **Numerics**: from logSoftmax. Where `p` is 1 to the last digit the slope is that of `(1 - p)^γ` at
 * 0, which is finite for `γ` from 1.
 *
 * **Source**: Lin et al., "Focal loss for dense object detection" (2017), equation 4.
 *
 * @param logits Scores before softmax, `[batch, classes]`.
 * @param targets Number of the right class, `int32 [batch]`.
 * @param options How much what is right counts, and how losses become one number.
 * @returns The loss.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes are others.
 * @throws {DTypeError} `DTYPE_MISMATCH` if the targets are not `int32`.
 * @throws {OptionError} `INVALID_OPTION` if `gamma` is no number from 0.
 */
export function focal(
  logits: Tensor,
  targets: Tensor,
  options?: FocalOptions,
): Tensor {
  const { gamma = 2, reduction = "mean" } = optionsOf("focal", options);
  assertNumber("focal gamma", gamma, { min: 0 });
  const entropy = crossEntropy(logits, targets, { reduction: "none" });
  if (gamma === 0) return reduceLosses(entropy, reduction);
  const missing = entropy.neg().exp().neg().add(1);
  return reduceLosses(missing.pow(gamma).mul(entropy), reduction);
}

/** `focal`: {@linkcode focal} by name. */
export const focalDefinition: ModuleDefinition<FocalConfig> = {
  type: "focal",
  displayName: "Focal loss",
  description: "Cross entropy in which what is right already counts less.",
  category: "Loss",
  config: {
    type: "object",
    properties: {
      ...LOSS_CONFIG_SCHEMA["properties"] as object,
      gamma: { type: "number", minimum: 0, default: 2 },
    },
  },
  create({ gamma, reduction }): Loss {
    return (prediction, target) =>
      focal(prediction, target, { gamma, reduction });
  },
};
