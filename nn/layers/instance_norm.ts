import { shapeMismatch } from "../../core/base/mod.ts";
import { instanceNorm, type Tensor } from "../../ops/mod.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import {
  channelsShape,
  NORM_SCHEMA,
  type NormConfig,
  normSettings,
} from "./norm_config.ts";
import { scaleAndShift } from "./scale_and_shift.ts";

/**
 * Brings each channel of each sample to mean 0 and variance 1. As in PyTorch, nothing is learned unless
 * that is asked for.
 *
 * **Shapes**: `x [batch, features, ...] -> y`, of the same shape; `weight`, `bias [features]`.
 *
 * **Source**: Ulyanov, Vedaldi, Lempitsky, "Instance normalization" (2016).
 *
 * @example Channels of an image
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { InstanceNorm } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const norm = new InstanceNorm({ features: 2 });
 * assertEquals(await norm.forward(ones([1, 2, 1, 2])).array(), [[[[0, 0]], [[0, 0]]]]);
 * ```
 */
export class InstanceNorm extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<NormConfig>;
  /** What channels are multiplied by, `[features]`, if they are. */
  readonly weight: Parameter | undefined;
  /** What is added, `[features]`, if anything is. */
  readonly bias: Parameter | undefined;

  /**
   * Constructs a new instance.
   *
   * @param config How many channels there are, and what is learned.
   * @throws {OptionError} `INVALID_OPTION` if a number is not what it must be.
   */
  constructor(config: NormConfig) {
    super();
    this.settings = normSettings("InstanceNorm", config, { affine: false });
    ({ weight: this.weight, bias: this.bias } = scaleAndShift(this.settings));
  }

  /**
   * Describes the channels after the norm.
   *
   * @param x The channels, `[batch, features, ...]`.
   * @returns The same shape.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the second axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("InstanceNorm", x);
    const { features, epsilon } = this.settings;
    const { weight, bias } = this;
    if (x.rank < 3 || x.shape[1] !== features) {
      throw shapeMismatch("InstanceNorm", x.shape, [features], {
        rule: "it must be [batch, features, ...]",
      });
    }
    const learned = { ...weight && { weight }, ...bias && { bias } };
    return instanceNorm(x, { epsilon, ...learned });
  }
}

/** `instance_norm`: {@linkcode InstanceNorm} by name. */
export const instanceNormDefinition: ModuleDefinition<NormConfig> = {
  type: "instance_norm",
  displayName: "InstanceNorm",
  description: "Each channel of each sample with mean 0 and variance 1.",
  category: "Normalization",
  config: {
    ...NORM_SCHEMA,
    properties: {
      ...NORM_SCHEMA["properties"] as object,
      affine: { type: "boolean", default: false },
    },
  },
  inferShape: ({ features }, [x]) =>
    x!.length < 3 ? channelsShape([], features) : channelsShape(x!, features),
  create: (config) => new InstanceNorm(config),
  toConfig: (module) =>
    module instanceof InstanceNorm ? module.settings : undefined,
};
