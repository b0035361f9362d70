import { shapeMismatch, sizeOf } from "../../core/base/mod.ts";
import type { Tensor } from "../../ops/mod.ts";
import { assertCount } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { COUNT_SCHEMA } from "./convolution.ts";
import {
  channelsShape,
  NORM_SCHEMA,
  type NormConfig,
  normSettings,
} from "./norm_config.ts";
import { applyScaleAndShift, scaleAndShift } from "./scale_and_shift.ts";

/** Settings of {@linkcode GroupNorm}. */
export interface GroupNormConfig extends NormConfig {
  /** Into how many groups the channels are divided: one is all of them, as many as there are is each. */
  readonly groups: number;
}

/**
 * Brings groups of channels to mean 0 and variance 1, in each sample. With as many groups as channels it
 * is an instance norm.
 *
 * **Shapes**: `x [batch, features, ...] -> y`, of the same shape; `weight`, `bias [features]`.
 *
 * **Source**: Wu, He, "Group normalization" (2018), equations 1 to 3.
 */
export class GroupNorm extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<GroupNormConfig>;
  /** What channels are multiplied by, `[features]`, if they are. */
  readonly weight: Parameter | undefined;
  /** What is added, `[features]`, if anything is. */
  readonly bias: Parameter | undefined;

  /**
   * Constructs a new instance.
   *
   * @param config How many channels and groups, and what is learned.
   * @throws {OptionError} `INVALID_OPTION` if the channels cannot be divided so, or `epsilon` is no
   * number from 0.
   */
  constructor(config: GroupNormConfig) {
    super();
    const settings = normSettings("GroupNorm", config);
    const { groups } = config;
    assertCount("GroupNorm groups", groups);
    assertCount("GroupNorm features per group", settings.features / groups);
    this.settings = { ...settings, groups };
    ({ weight: this.weight, bias: this.bias } = scaleAndShift(settings));
  }

  /**
   * Describes the channels after the norm.
   *
   * @param x The channels, `[batch, features, ...]`.
   * @returns The same shape.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the second axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("GroupNorm", x);
    const { features, groups, epsilon } = this.settings;
    const [batch, channels, ...sizes] = x.shape;
    if (channels !== features) {
      throw shapeMismatch("GroupNorm", x.shape, [features], {
        rule: "the second axis must have as many places as there are features",
      });
    }
    const rows = [batch!, groups, features / groups * sizeOf(sizes)];
    const y = x.reshape(rows).layerNorm(-1, { epsilon }).reshape(x.shape);
    const seen = x.shape.map((_, axis) => axis === 1 ? features : 1);
    return applyScaleAndShift(y, this, seen);
  }
}

/** `group_norm`: {@linkcode GroupNorm} by name. */
export const groupNormDefinition: ModuleDefinition<GroupNormConfig> = {
  type: "group_norm",
  displayName: "GroupNorm",
  description: "Groups of channels with mean 0 and variance 1, in each sample.",
  category: "Normalization",
  config: {
    ...NORM_SCHEMA,
    properties: {
      ...NORM_SCHEMA["properties"] as object,
      groups: COUNT_SCHEMA,
    },
    required: ["features", "groups"],
  },
  inferShape: ({ features }, [x]) => channelsShape(x!, features),
  create: (config) => new GroupNorm(config),
  toConfig: (module) =>
    module instanceof GroupNorm ? module.settings : undefined,
};
