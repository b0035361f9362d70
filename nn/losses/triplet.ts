import { shapeMismatch } from "../../core/base/mod.ts";
import { optionsOf, pairwiseDistance, type Tensor } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import {
  type Loss,
  LOSS_CONFIG_SCHEMA,
  type LossConfig,
  type LossOptions,
} from "./loss.ts";
import { reduceLosses } from "./reduce_losses.ts";

/** Options of {@linkcode triplet}. */
export interface TripletOptions extends LossOptions {
  /**
   * How much farther the other should be.
   *
   * @default {1}
   */
  readonly margin?: number;
}

/** Settings of {@linkcode triplet} in a config. */
export interface TripletConfig extends LossConfig {
  /** How much farther the other should be. */
  readonly margin: number;
}

/**
 * Asks that an anchor is nearer to its like than to another, by a margin:
 * `max(|a - p| - |a - n| + margin, 0)`.
 *
 * **Shapes**: `anchors [batch, features], pairs [batch, 2, features] -> scalar`, each pair the like, then
 * the other; `[batch]` without reduction.
 *
 * **Numerics**: as in PyTorch, 1e-6 is added to differences, so that the slope of a distance of 0 is
 * finite.
 *
 * **Source**: Schroff, Kalenichenko, Philbin, "FaceNet" (2015), equation 3, with distances that are not
 * squared.
 *
 * @param anchors What is compared, `[batch, features]`.
 * @param pairs What it is compared with, `[batch, 2, features]`.
 * @param options The margin, and how losses become one number.
 * @returns The loss.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes are others.
 * @throws {OptionError} `INVALID_OPTION` if the margin is no number from 0.
 */
export function triplet(
  anchors: Tensor,
  pairs: Tensor,
  options?: TripletOptions,
): Tensor {
  const { margin = 1, reduction = "mean" } = optionsOf("triplet", options);
  assertTensor("triplet", anchors, pairs);
  const [batch, features] = anchors.shape;
  const isAligned = anchors.rank === 2 && pairs.rank === 3 &&
    pairs.shape[0] === batch && pairs.shape[1] === 2 &&
    pairs.shape[2] === features;
  if (!isAligned) {
    throw shapeMismatch("triplet", anchors.shape, pairs.shape, {
      rule: "they must be [batch, features] and [batch, 2, features]",
    });
  }
  assertNumber("triplet margin", margin, { min: 0 });
  const [like, other] = [0, 1].map((i) =>
    pairwiseDistance(anchors, pairs.select(i, 1))
  );
  return reduceLosses(like!.sub(other!).add(margin).relu(), reduction);
}

/** `triplet`: {@linkcode triplet} by name. */
export const tripletDefinition: ModuleDefinition<TripletConfig> = {
  type: "triplet",
  displayName: "Triplet loss",
  description: "An anchor should be nearer to its like than to another.",
  category: "Loss",
  config: {
    type: "object",
    properties: {
      ...LOSS_CONFIG_SCHEMA["properties"] as object,
      margin: { type: "number", minimum: 0, default: 1 },
    },
  },
  create({ margin, reduction }): Loss {
    return (prediction, target) =>
      triplet(prediction, target, { margin, reduction });
  },
};
