import { shapeMismatch } from "../../core/base/mod.ts";
import { arange, normalize, optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { assertSameShape } from "./assert_same_shape.ts";
import { crossEntropy } from "./cross_entropy.ts";
import {
  type Loss,
  LOSS_CONFIG_SCHEMA,
  type LossConfig,
  type LossOptions,
} from "./loss.ts";

/** Options of {@linkcode infoNce}. */
export interface InfoNceOptions extends LossOptions {
  /**
   * What likenesses are divided by.
   *
   * @default {0.1}
   */
  readonly temperature?: number;
}

/** Settings of {@linkcode infoNce} in a config. */
export interface InfoNceConfig extends LossConfig {
  /** What likenesses are divided by. */
  readonly temperature: number;
}

/**
 * Contrastive loss: each query should be more like its own key than like those of the others in the
 * batch. Cross entropy of the cosines of all pairs over a temperature.
 *
 * **Shapes**: `queries [batch, features], keys [batch, features] -> scalar`; `[batch]` without
 * reduction.
 *
 * **Source**: van den Oord et al., "Representation learning with contrastive predictive coding" (2018),
 * equation 4, with cosines as in Chen et al., "SimCLR" (2020).
 *
 * @param queries What keys are looked for, `[batch, features]`.
 * @param keys The right key of each query in the same row, `[batch, features]`.
 * @param options Temperature, and how losses become one number.
 * @returns The loss.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the shapes differ or have not two axes.
 * @throws {OptionError} `INVALID_OPTION` if the temperature is not above 0.
 */
export function infoNce(
  queries: Tensor,
  keys: Tensor,
  options?: InfoNceOptions,
): Tensor {
  const { temperature = 0.1, reduction = "mean" } = optionsOf(
    "infoNce",
    options,
  );
  assertSameShape("infoNce", queries, keys);
  if (queries.rank !== 2) {
    throw shapeMismatch("infoNce", queries.shape, keys.shape, {
      rule: "they must be [batch, features]",
    });
  }
  assertNumber("infoNce temperature", temperature, { min: Number.MIN_VALUE });
  const [rows, columns] = [queries, keys].map((x) => normalize(x));
  const likeness = rows!.matmul(columns!.transpose()).div(temperature);
  const own = arange(0, queries.shape[0]!, { dtype: "int32" });
  return crossEntropy(likeness, own, { reduction });
}

/** `info_nce`: {@linkcode infoNce} by name. */
export const infoNceDefinition: ModuleDefinition<InfoNceConfig> = {
  type: "info_nce",
  displayName: "InfoNCE",
  description: "Each query should be most like its own key of a batch.",
  category: "Loss",
  config: {
    type: "object",
    properties: {
      ...LOSS_CONFIG_SCHEMA["properties"] as object,
      temperature: { type: "number", exclusiveMinimum: 0, default: 0.1 },
    },
  },
  create({ temperature, reduction }): Loss {
    return (prediction, target) =>
      infoNce(prediction, target, { temperature, reduction });
  },
};
