import { shapeMismatch } from "../../core/base/mod.ts";
import { optionsOf, stack, type Tensor } from "../../ops/mod.ts";
import { assertCount, assertNumber } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { COUNT_SCHEMA } from "./convolution.ts";
import { lastAxisShape } from "./norm_config.ts";
import { placeAngles, type RotaryOptions } from "./rotary.ts";

/** Settings of {@linkcode SinusoidalPositions} in a config. */
export interface SinusoidalConfig {
  /** How many features each place has; an even number. */
  readonly features: number;
  /**
   * How much slower each wave is than the one before, over all of them.
   *
   * @default {10000}
   */
  readonly base?: number;
}

/**
 * Adds waves to features that tell where a place is: sine and cosine of `place / base^(2 i / features)`
 * in turn.
 *
 * **Shapes**: `x [..., places, features] -> y`, of the same shape.
 *
 * **Source**: Vaswani et al., "Attention is all you need" (2017), §3.5.
 *
 * @example The first place
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SinusoidalPositions } from "@spiraltorch/spiraltorch/nn";
 * import { zeros } from "@spiraltorch/spiraltorch/ops";
 *
 * const layer = new SinusoidalPositions({ features: 4 });
 * assertEquals(await layer.forward(zeros([1, 4])).array(), [[0, 1, 0, 1]]);
 * ```
 */
export class SinusoidalPositions extends Module {
  /** The settings, with defaults filled in. */
  readonly settings: Required<SinusoidalConfig>;

  /**
   * Constructs a new instance.
   *
   * @param config How many features there are, and the base.
   * @throws {OptionError} `INVALID_OPTION` if the number of features is odd, or the base is not above 0.
   */
  constructor(config: SinusoidalConfig) {
    super();
    const { features, base = 10_000 } = optionsOf(
      "SinusoidalPositions",
      config,
    );
    assertCount("SinusoidalPositions features", features);
    assertCount("SinusoidalPositions features / 2", features / 2);
    assertNumber("SinusoidalPositions base", base, { min: Number.MIN_VALUE });
    this.settings = { features, base };
  }

  /**
   * Describes the features with their waves.
   *
   * @param x The places, `[..., places, features]`.
   * @returns The same shape.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  override forward(x: Tensor): Tensor {
    return this.from(x, 0);
  }

  /**
   * Describes the features of places that come after others.
   *
   * @param x The places, `[..., places, features]`.
   * @param offset The number of the first.
   * @returns The same shape.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  from(x: Tensor, offset: NonNullable<RotaryOptions["offset"]>): Tensor {
    assertTensor("SinusoidalPositions", x);
    const { features, base } = this.settings;
    if (x.rank < 2 || x.shape.at(-1) !== features) {
      throw shapeMismatch("SinusoidalPositions", x.shape, [features], {
        rule: "it must be [..., places, features]",
      });
    }
    const places = x.shape.at(-2)!;
    const angles = placeAngles(places, { offset, base, pairs: features / 2 });
    const waves = stack([angles.sin(), angles.cos()], 2);
    return x.add(waves.reshape([places, features]));
  }
}

/** `sinusoidal_positions`: {@linkcode SinusoidalPositions} by name. */
export const sinusoidalPositionsDefinition: ModuleDefinition<SinusoidalConfig> =
  {
    type: "sinusoidal_positions",
    displayName: "SinusoidalPositions",
    description: "Adds waves to features that tell where a place is.",
    category: "Embedding",
    config: {
      type: "object",
      properties: {
        features: { ...COUNT_SCHEMA, multipleOf: 2 },
        base: { type: "number", exclusiveMinimum: 0, default: 10_000 },
      },
      required: ["features"],
    },
    inferShape: ({ features }, [x]) =>
      x!.length >= 2
        ? lastAxisShape(x!, features)
        : { wanted: `[..., places, ${features}]` },
    create: (config) => new SinusoidalPositions(config),
    toConfig: (module) =>
      module instanceof SinusoidalPositions ? module.settings : undefined,
  };
