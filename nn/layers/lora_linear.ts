import { assertInstance, splitKey } from "../../core/base/mod.ts";
import { optionsOf, type Tensor, zeros } from "../../ops/mod.ts";
import { assertCount, assertNumber } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { type Seed, seedKey } from "../seed.ts";
import { COUNT_SCHEMA } from "./convolution.ts";
import { Linear, type LinearConfig } from "./linear.ts";
import { uniformParameter } from "./uniform_parameter.ts";

/** Settings of an adapter. */
export interface LoraConfig {
  /** How many features the adapter goes through. */
  readonly rank: number;
  /**
   * What the adapter's share is multiplied by, times the rank; as much as the rank if left out.
   */
  readonly alpha?: number;
}

/** Settings of {@linkcode LoraLinear} in a config. */
export interface LoraLinearConfig
  extends LoraConfig, Omit<LinearConfig, "init"> {}

/** Options of {@linkcode LoraLinear}. */
export interface LoraOptions extends LoraConfig {
  /**
   * What the adapter's first weights depend on.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/**
 * A linear layer that stays as it is, and a small one beside it that learns: `y = x W + b + α/r x A B`.
 *
 * **Shapes**: `x [..., inFeatures] -> y [..., outFeatures]`; `loraA [inFeatures, rank]`,
 * `loraB [rank, outFeatures]`.
 *
 * **Numerics**: `loraB` starts with zeros, so that nothing is changed at first.
 *
 * **Source**: Hu et al., "LoRA: low-rank adaptation of large language models" (2021), §4.1.
 *
 * @example A layer is adapted
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Linear, LoraLinear } from "@spiraltorch/spiraltorch/nn";
 *
 * const layer = new Linear({ inFeatures: 8, outFeatures: 4 });
 * const adapted = new LoraLinear(layer, { rank: 2 });
 * const learns = [...adapted.parameters()].filter(([, { trainable }]) => trainable);
 * assertEquals(learns.map(([name]) => name), ["loraA", "loraB"]);
 * ```
 */
export class LoraLinear extends Module {
  /** What features are multiplied by, which stays as it is. */
  readonly weight: Parameter;
  /** What is added, if anything is, which stays as it is. */
  readonly bias: Parameter | undefined;
  /** From features to few. */
  readonly loraA: Parameter;
  /** From few to results. */
  readonly loraB: Parameter;
  /** The settings, with defaults filled in. */
  readonly settings: Required<LoraLinearConfig>;

  /**
   * Constructs a new instance.
   *
   * @param linear The layer that is adapted. Its elements are shared: what changes in it is seen here.
   * @param options Rank, strength and seed.
   * @throws {OptionError} `INVALID_OPTION` if there is no layer, the rank is no whole number above 0, or
   * the strength no number from 0.
   */
  constructor(
    linear: Linear,
    options: LoraOptions,
  ) {
    super();
    const { rank, alpha = rank, seed = 0 } = optionsOf("LoraLinear", options);
    assertInstance("LoraLinear linear", linear, Linear);
    assertCount("LoraLinear rank", rank);
    assertNumber("LoraLinear alpha", alpha, { min: 0 });
    const [inFeatures, outFeatures] = linear.weight.shape as [number, number];
    const bias = linear.bias !== undefined;
    this.settings = { inFeatures, outFeatures, bias, rank, alpha };
    this.weight = frozen(linear.weight);
    this.bias = linear.bias && frozen(linear.bias);
    this.loraA = uniformParameter([inFeatures, rank], {
      bound: 1 / Math.sqrt(inFeatures),
      key: seedKey(seed),
    });
    this.loraB = new Parameter(zeros([rank, outFeatures]));
  }

  /**
   * Describes the weighted sums.
   *
   * @param x The features, `[..., inFeatures]`.
   * @returns The sums, `[..., outFeatures]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("LoraLinear", x);
    const share = x.matmul(this.loraA).matmul(this.loraB).mul(this.#strength);
    const y = x.matmul(this.weight).add(share);
    return this.bias ? y.add(this.bias) : y;
  }

  /**
   * Describes weights that do what the layer and its adapter do together.
   *
   * @returns The weights, `[inFeatures, outFeatures]`, for a plain linear layer.
   */
  mergedWeight(): Tensor {
    const share = this.loraA.matmul(this.loraB).mul(this.#strength);
    return this.weight.add(share);
  }

  get #strength(): number {
    return this.settings.alpha / this.settings.rank;
  }
}

function frozen(parameter: Parameter): Parameter {
  return new Parameter(parameter, { trainable: false });
}

/** `lora_linear`: {@linkcode LoraLinear} by name, over a layer that is made with it. */
export const loraLinearDefinition: ModuleDefinition<LoraLinearConfig> = {
  type: "lora_linear",
  displayName: "LoraLinear",
  description:
    "A linear layer that stays as it is, and a small one that learns.",
  category: "Layer",
  config: {
    type: "object",
    properties: {
      inFeatures: COUNT_SCHEMA,
      outFeatures: COUNT_SCHEMA,
      bias: { type: "boolean", default: true },
      rank: COUNT_SCHEMA,
      alpha: { type: "number", minimum: 0 },
    },
    required: ["inFeatures", "outFeatures", "rank"],
  },
  inferShape: ({ inFeatures, outFeatures }, [x]) =>
    x!.at(-1) === inFeatures
      ? [...x!.slice(0, -1), outFeatures]
      : { wanted: `[..., ${inFeatures}]` },
  create({ rank, alpha = rank, ...config }, { seed }) {
    const linear = new Linear({ ...config, seed: splitKey(seed, 0) });
    return new LoraLinear(linear, { rank, alpha, seed: splitKey(seed, 1) });
  },
  toConfig: (module) =>
    module instanceof LoraLinear ? module.settings : undefined,
};
