import { invalidOption, sizeOf } from "../../../core/base/mod.ts";
import {
  guardFinite,
  optionsOf,
  type Tensor,
  UNKNOWN_TYPE,
} from "../../../ops/mod.ts";
import { assertTensor } from "../../check/assert_tensor.ts";
import { OptionChecks } from "../check_options.ts";
import {
  assertPositive,
  depthExceeded,
  optionOutOfRange,
  volumeExceeded,
} from "../errors.ts";
import { magnitudeOf } from "../geometry/curvature.ts";

/** Options of {@linkcode OpenCartesianTopos}. */
export interface ToposOptions {
  /** Curvature of the space that is guarded, a number below 0. */
  readonly curvature: number;
  /**
   * The least that is divided by.
   *
   * @default {1e-6}
   */
  readonly tolerance?: number;
  /**
   * The magnitude up to which values pass unchanged.
   *
   * @default {1e6}
   */
  readonly saturation?: number;
  /**
   * How much of what lies beyond saturation turns back, from 0 to 1.
   *
   * @default {0.2}
   */
  readonly porosity?: number;
  /**
   * The first number of repetitions that is too many.
   *
   * @default {8192}
   */
  readonly maxDepth?: number;
  /**
   * Most elements of a tensor.
   *
   * @default {67108864}
   */
  readonly maxVolume?: number;
  /**
   * What becomes of `NaN` and infinities: an error where they are computed, or 0.
   *
   * @default {"error"}
   */
  readonly nonFinite?: "error" | "zero";
  /**
   * Whether values are checked at all.
   *
   * @default {"on"}
   */
  readonly guard?: "on" | "off";
}

/** Options of {@linkcode OpenCartesianTopos.rewrite}. */
export interface RewriteOptions {
  /**
   * The largest magnitude that finite values can have, where that is known: what cannot reach saturation
   * need not be bounded.
   *
   * @default {Infinity}
   */
  readonly bound?: number;
}

const OWNER = "OpenCartesianTopos";

/** The porosity below which nothing turns back: one rounding of `float32`. */
const POROSITY_OFF = 1.19e-7;

/** The largest magnitude of `float32`. */
const FLOAT32_MAX = 3.4028234663852886e38;

/**
 * Guards values: it bounds them, refuses those that are not finite, and limits sizes and depths.
 *
 * @example Beyond saturation values fall slowly back
 * ```ts
 * import { assertClose } from "@spiraltorch/spiraltorch/testing";
 * import { OpenCartesianTopos } from "@spiraltorch/spiraltorch/nn";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * const topos = new OpenCartesianTopos({ curvature: -1, saturation: 1 });
 * const y = topos.saturate(tensor([0.5, 1.5, -3]));
 * assertClose(await y.data(), [0.5, 0.99, -0.975]);
 * ```
 */
export class OpenCartesianTopos {
  /** Curvature of the space that is guarded. */
  readonly curvature: number;
  /** The least that is divided by. */
  readonly tolerance: number;
  /** The magnitude up to which values pass unchanged. */
  readonly saturation: number;
  /** How much of what lies beyond saturation turns back. */
  readonly porosity: number;
  /** The first number of repetitions that is too many. */
  readonly maxDepth: number;
  /** Most elements of a tensor. */
  readonly maxVolume: number;
  readonly #nonFinite: "error" | "zero";
  readonly #isOn: boolean;

  /**
   * Constructs a new instance.
   *
   * @param options Curvature and limits.
   * @throws {ZSpaceError} `NON_HYPERBOLIC_CURVATURE`, `NON_POSITIVE_TOLERANCE`,
   * `NON_POSITIVE_SATURATION` or `POROSITY_OUT_OF_RANGE` if a number is out of its range.
   * @throws {OptionError} `INVALID_OPTION` if a depth or a volume is no whole number from 1 on, or a
   * word none of those allowed.
   */
  constructor(options: ToposOptions) {
    const {
      curvature,
      tolerance = 1e-6,
      saturation = 1e6,
      porosity = 0.2,
      maxDepth = 8192,
      maxVolume = 2 ** 26,
      nonFinite = "error",
      guard = "on",
    } = optionsOf("OpenCartesianTopos", options);
    magnitudeOf(OWNER, curvature);
    assertPositive("NON_POSITIVE_TOLERANCE", OWNER, {
      name: "tolerance",
      value: tolerance,
    });
    assertPositive("NON_POSITIVE_SATURATION", OWNER, {
      name: "saturation",
      value: saturation,
    });
    const isShare = typeof porosity === "number" && porosity >= 0 &&
      porosity <= 1;
    if (!isShare) {
      throw optionOutOfRange("POROSITY_OUT_OF_RANGE", OWNER, {
        name: "porosity",
        value: porosity,
        range: "a number from 0 to 1",
      });
    }
    const checks = new OptionChecks(OWNER);
    checks.count("maxDepth", maxDepth);
    checks.count("maxVolume", maxVolume);
    checks.oneOf("nonFinite", nonFinite, ["error", "zero"]);
    checks.oneOf("guard", guard, ["on", "off"]);
    checks.end();
    this.curvature = curvature;
    this.tolerance = tolerance;
    this.saturation = saturation;
    this.porosity = porosity;
    this.maxDepth = maxDepth;
    this.maxVolume = maxVolume;
    this.#nonFinite = nonFinite;
    this.#isOn = guard === "on";
  }

  /**
   * Bounds values: unchanged up to saturation `σ`, beyond it `σ (1 - κ (|v| - σ)/(|v| + σ))` with the
   * sign of `v` and `κ = porosity/4`, so that they fall slowly back.
   *
   * **Numerics**: the slope is 1 inside and `-2σ²κ/(|v| + σ)²` outside, 0 where the porosity is off.
   *
   * @param v Values.
   * @returns Values of magnitude `σ` at most.
   */
  saturate(v: Tensor): Tensor {
    assertTensor("saturate", v);
    const { saturation, porosity } = this;
    const values = this.#nonFinite === "zero" ? zeroNonFinite(v) : v;
    if (porosity <= POROSITY_OFF) return values.clamp(-saturation, saturation);
    const size = values.abs();
    const beyond = size.sub(saturation).div(size.add(saturation));
    const bent = beyond.mul(-Math.min(porosity / 4, 1)).add(1)
      .mul(values.sign()).mul(saturation);
    return size.lessOrEqual(saturation).where(values, bent);
  }

  /**
   * Refuses a tensor that is too large now, and one that is not finite when it is computed.
   *
   * @param label What it is called in errors.
   * @param t The tensor.
   * @returns The same values.
   * @throws {ZSpaceError} `VOLUME_EXCEEDED` if it has too many elements.
   */
  guard(label: string, t: Tensor): Tensor {
    assertTensor("guard", t);
    if (!this.#isOn) return t;
    const volume = t.node.type === UNKNOWN_TYPE ? 0 : sizeOf(t.shape);
    const { maxVolume } = this;
    if (volume > maxVolume) throw volumeExceeded(label, { volume, maxVolume });
    return guardFinite(t, label);
  }

  /**
   * Refuses to repeat something too often.
   *
   * @param depth How often.
   * @throws {OptionError} `INVALID_OPTION` if that is no number.
   * @throws {ZSpaceError} `DEPTH_EXCEEDED` if that is not below `maxDepth`.
   */
  ensureDepth(depth: number): void {
    if (typeof depth !== "number" || Number.isNaN(depth)) {
      throw invalidOption("a depth", depth, "a number");
    }
    if (depth >= this.maxDepth) throw depthExceeded(depth, this.maxDepth);
  }

  /**
   * Bounds values, then guards them.
   *
   * @param label What they are called in errors.
   * @param t The values.
   * @param options What is known of them.
   * @returns The values, bounded.
   * @throws {ZSpaceError} `VOLUME_EXCEEDED` if there are too many.
   */
  rewrite(
    label: string,
    t: Tensor,
    options?: RewriteOptions,
  ): Tensor {
    const { bound = Infinity } = optionsOf("rewrite", options);
    const isSaturated = bound > this.saturation || this.#nonFinite === "zero";
    return this.guard(label, isSaturated ? this.saturate(t) : t);
  }
}

function zeroNonFinite(v: Tensor): Tensor {
  // A comparison with a NaN is false too.
  return v.abs().lessOrEqual(FLOAT32_MAX).where(v, 0);
}
