import { optionsOf, type Tensor } from "../../../ops/mod.ts";
import { assertTensor } from "../../check/assert_tensor.ts";
import type { ModuleDefinition } from "../../discovery/definition.ts";
import { Module } from "../../module.ts";
import { OptionChecks } from "../check_options.ts";
import { assertPositive } from "../errors.ts";
import { magnitudeOf } from "../geometry/curvature.ts";

/** Options of {@linkcode ZSpaceSoftmax}, and its settings in a config. */
export interface ZSpaceSoftmaxConfig {
  /**
   * Curvature, a number below 0.
   *
   * @default {-1}
   */
  readonly curvature?: number;
  /**
   * What scores are divided by.
   *
   * @default {1}
   */
  readonly temperature?: number;
  /** The entropy towards which each row's temperature is moved, in nats; it stays if left out. */
  readonly targetEntropy?: number;
}

/**
 * Shares of scores: `softmax(s x/T')` along the last axis.
 *
 * With a target entropy `h`, each row has a temperature of its own: `T clamp(1 + ½(h - H), ¼, 4)` within
 * `[max(T/10, 1e-3), 10 T]`, where `H` is the row's entropy at `T`; none changes where they differ by no
 * more than 1e-4. The gradient passes through it.
 *
 * **Shapes**: `x [..., d] -> y [..., d]`. No parameters.
 */
export class ZSpaceSoftmax extends Module {
  readonly #root: number;
  readonly #temperature: number;
  readonly #targetEntropy: number | undefined;

  /**
   * Constructs a new instance.
   *
   * @param options Curvature, temperature, entropy.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE` if the curvature is no finite number below 0;
   * `NON_POSITIVE_TEMPERATURE` if the temperature is not above 0.
   * @throws {OptionError} `INVALID_OPTION` if the entropy is negative or not finite.
   */
  constructor(options?: ZSpaceSoftmaxConfig) {
    super();
    const { curvature = -1, temperature = 1, targetEntropy } = optionsOf(
      "ZSpaceSoftmax",
      options,
    );
    this.#root = Math.sqrt(magnitudeOf("ZSpaceSoftmax", curvature));
    assertPositive("NON_POSITIVE_TEMPERATURE", "ZSpaceSoftmax", {
      name: "temperature",
      value: temperature,
    });
    const checks = new OptionChecks("ZSpaceSoftmax");
    if (targetEntropy !== undefined) {
      checks.number("targetEntropy", targetEntropy, { min: 0 });
    }
    checks.end();
    this.#temperature = temperature;
    this.#targetEntropy = targetEntropy;
  }

  /**
   * Describes the shares.
   *
   * @param x Scores, `[..., d]`.
   * @returns Shares that add up to 1, `[..., d]`.
   */
  override forward(x: Tensor): Tensor {
    assertTensor("ZSpaceSoftmax", x);
    const scores = x.mul(this.#root);
    const temperature = this.#temperature;
    const plain = scores.div(temperature);
    if (this.#targetEntropy === undefined) return plain.softmax(-1);
    return scores.div(this.#moved(plain, this.#targetEntropy)).softmax(-1);
  }

  /** The temperature of each row, `[..., 1]`. */
  #moved(plain: Tensor, wanted: number): Tensor {
    const temperature = this.#temperature;
    const logarithm = plain.logSoftmax(-1);
    const entropy = logarithm.exp().mul(logarithm)
      .sum(-1, { keepDims: true }).neg();
    const gap = entropy.neg().add(wanted);
    const moved = gap.mul(0.5).add(1).clamp(0.25, 4).mul(temperature)
      .clamp(Math.max(temperature / 10, 1e-3), 10 * temperature);
    return gap.abs().lessOrEqual(1e-4).where(temperature, moved);
  }
}

/** `zspace_softmax`: {@linkcode ZSpaceSoftmax} by name. */
export const zspaceSoftmaxDefinition: ModuleDefinition<ZSpaceSoftmaxConfig> = {
  type: "zspace_softmax",
  displayName: "ZSpace softmax",
  description: "Shares of scores, whose temperature can follow an entropy.",
  category: "Activation",
  config: {
    type: "object",
    properties: {
      curvature: { type: "number", exclusiveMaximum: 0, default: -1 },
      temperature: { type: "number", exclusiveMinimum: 0, default: 1 },
      targetEntropy: { type: "number", minimum: 0 },
    },
  },
  inferShape: (_, [x]) => [...x!],
  create: (config) => new ZSpaceSoftmax(config),
};
