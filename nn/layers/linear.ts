import { splitKey } from "../../core/base/mod.ts";
import { optionsOf, type Tensor } from "../../ops/mod.ts";
import { assertFlags } from "../check/assert_flags.ts";
import { assertCount } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import {
  INITIALIZED,
  type Initializer,
  INITIALIZER_SCHEMA,
} from "../initializers/initializer.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { type Seed, seedKey } from "../seed.ts";
import { initialParameter, uniformParameter } from "./uniform_parameter.ts";

/** Settings of a linear layer in a config. */
export interface LinearConfig {
  /** Size of the input's last axis. */
  readonly inFeatures: number;
  /** Size of the output's last axis. */
  readonly outFeatures: number;
  /**
   * Whether something is added to each output.
   *
   * @default {true}
   */
  readonly bias?: boolean;
  /** How weights start; as the class says if left out. */
  readonly init?: Initializer;
}

/** Options of {@linkcode Linear}. */
export interface LinearOptions extends LinearConfig {
  /**
   * What the first weights depend on. Layers of one model should get different seeds, as those of a
   * pipeline do.
   *
   * @default {0}
   */
  readonly seed?: Seed;
}

/**
 * Weighted sums of features: `y = x W + b`.
 *
 * **Shapes**: `x [..., inFeatures] -> y [..., outFeatures]`; `weight [inFeatures, outFeatures]`,
 * `bias [outFeatures]`.
 *
 * **Numerics**: weights and biases start uniform between `±1 / √inFeatures`.
 *
 * **Source**: He et al., "Delving deep into rectifiers" (2015), with PyTorch's choice of `a = √5`.
 *
 * @example Three features from two
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Linear } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const layer = new Linear({ inFeatures: 2, outFeatures: 3, seed: 7 });
 * assertEquals(layer.forward(ones([5, 2])).shape, [5, 3]);
 * assertEquals([...layer.parameters().keys()], ["weight", "bias"]);
 * ```
 */
export class Linear extends Module {
  /** What features are multiplied by, `[inFeatures, outFeatures]`. */
  readonly weight: Parameter;
  /** What is added, `[outFeatures]`, if anything is. */
  readonly bias: Parameter | undefined;
  readonly #init: Initializer | undefined;

  /**
   * Constructs a new instance.
   *
   * @param options Numbers of features, bias, seed.
   * @throws {OptionError} `INVALID_OPTION` if a number of features is no whole number above 0.
   */
  constructor(options: LinearOptions) {
    super();
    const { inFeatures, outFeatures, bias = true, init, seed = 0 } = optionsOf(
      "Linear",
      options,
    );
    assertFlags("Linear", { bias });
    assertCount("Linear inFeatures", inFeatures);
    assertCount("Linear outFeatures", outFeatures);
    const bound = 1 / Math.sqrt(inFeatures);
    const key = seedKey(seed);
    this.#init = init;
    this.weight = initialParameter([inFeatures, outFeatures], init, {
      bound,
      fanIn: inFeatures,
      fanOut: outFeatures,
      key: splitKey(key, 0),
    });
    this.bias = bias
      ? uniformParameter([outFeatures], { bound, key: splitKey(key, 1) })
      : undefined;
  }

  /** The settings, with defaults filled in. */
  get settings(): LinearConfig {
    const [inFeatures, outFeatures] = this.weight.shape as [number, number];
    const bias = this.bias !== undefined;
    const init = this.#init === undefined ? {} : { init: this.#init };
    return { inFeatures, outFeatures, bias, ...init };
  }

  /**
   * Describes the weighted sums.
   *
   * @param x The features, `[..., inFeatures]`.
   * @returns The sums, `[..., outFeatures]`.
   * @throws {ShapeError} `SHAPE_MISMATCH` if the last axis has another size.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("Linear", x);
    const y = x.matmul(this.weight);
    return this.bias ? y.add(this.bias) : y;
  }
}

/** `linear`: {@linkcode Linear} by name. */
export const linearDefinition: ModuleDefinition<LinearConfig> = {
  type: "linear",
  displayName: "Linear",
  description: "Weighted sums of features, y = x W + b.",
  category: "Layer",
  config: {
    type: "object",
    properties: {
      inFeatures: { type: "integer", minimum: 1, maximum: 2 ** 31 - 1 },
      outFeatures: { type: "integer", minimum: 1, maximum: 2 ** 31 - 1 },
      bias: { type: "boolean", default: true },
      init: INITIALIZER_SCHEMA,
    },
    required: ["inFeatures", "outFeatures"],
  },
  parts: INITIALIZED,
  inferShape({ inFeatures, outFeatures }, [x]) {
    return x!.at(-1) === inFeatures
      ? [...x!.slice(0, -1), outFeatures]
      : { wanted: `[..., ${inFeatures}]` };
  },
  create: (config, { seed }) => new Linear({ ...config, seed }),
  toConfig(module) {
    if (!(module instanceof Linear)) return undefined;
    return module.settings;
  },
};
