import type { JsonObject } from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertFlags } from "../check/assert_flags.ts";
import { assertCount, assertNumber } from "../check/assert_number.ts";
import type { ShapeInference, SymbolicShape } from "../symbolic_shape.ts";
import { COUNT_SCHEMA } from "./convolution.ts";

/** Settings of a norm in a config. */
export interface NormConfig {
  /** Size of the axis that is normalized, or of the channels' axis. */
  readonly features: number;
  /**
   * What is added to the variance.
   *
   * @default {1e-5}
   */
  readonly epsilon?: number;
  /**
   * Whether results are scaled and moved by what is learned.
   *
   * @default {true}
   */
  readonly affine?: boolean;
}

/**
 * Fills in what a norm's settings leave out, and checks them.
 *
 * @param name Name of the layer, for errors.
 * @param config What was given.
 * @param defaults Whether results are scaled and moved if that is left out.
 * @returns The settings.
 * @throws {OptionError} `INVALID_OPTION` if `features` is no whole number above 0, or `epsilon` no
 * number from 0.
 */
export function normSettings(
  name: string,
  config: NormConfig,
  defaults: Pick<Required<NormConfig>, "affine"> = { affine: true },
): Required<NormConfig> {
  const { features, epsilon = 1e-5, affine = defaults.affine } = optionsOf(
    name,
    config,
  );
  assertCount(`${name} features`, features);
  assertNumber(`${name} epsilon`, epsilon, { min: 0 });
  assertFlags(name, { affine });
  return { features, epsilon, affine };
}

/** {@linkcode NormConfig} as JSON Schema. */
export const NORM_SCHEMA: JsonObject = {
  type: "object",
  properties: {
    features: COUNT_SCHEMA,
    epsilon: { type: "number", minimum: 0, default: 1e-5 },
    affine: { type: "boolean", default: true },
  },
  required: ["features"],
};

/**
 * Infers the shape of what keeps its input's shape and wants an axis of some size.
 *
 * @param x The input's shape.
 * @param features The size wanted.
 * @returns The same shape, or what was wanted.
 */
export function lastAxisShape(
  x: SymbolicShape,
  features: number,
): ShapeInference {
  return x.at(-1) === features ? x : { wanted: `[..., ${features}]` };
}

/**
 * Infers the shape of what keeps its input's shape and wants channels.
 *
 * @param x The input's shape.
 * @param features How many channels are wanted.
 * @param rank How many axes are wanted; 2 or more if left out.
 * @returns The same shape, or what was wanted.
 */
export function channelsShape(
  x: SymbolicShape,
  features: number,
  rank?: number,
): ShapeInference {
  const isRank = rank === undefined ? x.length >= 2 : x.length === rank;
  if (isRank && x[1] === features) return x;
  return {
    wanted: rank === 4
      ? `[batch, ${features}, height, width]`
      : `[batch, ${features}, ...]`,
  };
}
