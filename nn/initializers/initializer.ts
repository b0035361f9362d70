import {
  equalShapes,
  type JsonObject,
  type RandomKey,
  type Shape,
  shapeMismatch,
  splitKey,
} from "../../core/base/mod.ts";
import {
  full,
  ones,
  optionsOf,
  randomNormal,
  randomUniform,
  type Tensor,
  truncatedNormal,
  zeros,
} from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import { assertTensor } from "../check/assert_tensor.ts";
import { assertOneOf } from "../check/assert_one_of.ts";
import { orthogonal } from "./orthogonal.ts";

/** Every name of an {@linkcode Initializer}. */
export const INITIALIZERS = [
  "fill",
  "kaiming_normal",
  "kaiming_uniform",
  "ones",
  "orthogonal",
  "truncated_normal",
  "xavier_normal",
  "xavier_uniform",
  "zeros",
] as const;

/** Name of an {@linkcode Initializer}. */
export type InitializerName = typeof INITIALIZERS[number];

/** How weights start, with the numbers of the rule. */
export interface InitializerConfig {
  /** Name of the rule. */
  readonly name: InitializerName;
  /**
   * What random numbers are multiplied by: `√2` for Kaiming's rules, for units that let half of what they
   * see through, 1 for Xavier's and for orthogonal matrices, 0.02 for truncated normal numbers.
   */
  readonly gain?: number;
  /**
   * The number, for `fill`.
   *
   * @default {0}
   */
  readonly value?: number;
}

/** What a rule of one's own may make weights of. */
export interface InitialNumbers {
  /** Random numbers from 0 to below 1, of the shape of the weights. */
  readonly uniform: Tensor;
  /** Normal random numbers of deviation 1, of the shape of the weights. */
  readonly normal: Tensor;
  /** How many numbers each result is a sum of, a scalar. */
  readonly fanIn: Tensor;
  /** How many results each number goes into, a scalar. */
  readonly fanOut: Tensor;
}

/**
 * A rule of one's own: describes weights by random numbers.
 *
 * @param numbers What they are made of.
 * @returns The weights, of the shape of the random numbers, not computed yet.
 */
export type InitializerRule = (numbers: InitialNumbers) => Tensor;

/** How weights start: by a rule's name, with its numbers, or by a rule of one's own. */
export type Initializer = InitializerName | InitializerConfig | InitializerRule;

/** {@linkcode Initializer} in a config as JSON Schema. */
export const INITIALIZER_SCHEMA: JsonObject = {
  anyOf: [
    { type: "string", enum: [...INITIALIZERS] },
    { type: "string", description: "An initializer of a plugin." },
    {
      type: "object",
      description: "An initializer with its settings beside the name.",
      properties: { name: { type: "string" } },
      required: ["name"],
    },
  ],
};

/** Which settings of a layer with weights name types: {@linkcode INITIALIZER_SCHEMA}. */
export const INITIALIZED = { init: "initializer" } as const;

/**
 * Tells whether something names a rule of the library.
 *
 * @param name Whatever it is.
 * @returns Whether it does.
 */
export function isInitializerName(name: unknown): name is InitializerName {
  return INITIALIZERS.some((known) => known === name);
}

/** What the numbers of a rule depend on besides its settings. */
export interface InitializeOptions {
  /** How many numbers each result is a sum of. */
  readonly fanIn: number;
  /** How many results each number goes into. */
  readonly fanOut: number;
  /** What random numbers depend on. */
  readonly key: RandomKey;
}

/**
 * Makes weights as they are before training.
 *
 * **Numerics**: Kaiming: uniform between `± gain √(3 / fanIn)`, or normal with deviation
 * `gain / √fanIn`. Xavier: uniform between `± gain √(6 / (fanIn + fanOut))`, or normal with deviation
 * `gain √(2 / (fanIn + fanOut))`. Truncated normal: deviation `gain`, none farther than two of them.
 *
 * **Source**: He et al., "Delving deep into rectifiers" (2015), §2.2; Glorot, Bengio, "Understanding the
 * difficulty of training deep feedforward neural networks" (2010), §4.2; Saxe et al., "Exact solutions to
 * the nonlinear dynamics of learning in deep linear neural networks" (2013), §4.
 *
 * @example Weights within Xavier's bounds
 * ```ts
 * import { assert } from "@std/assert";
 * import { initialize, seedKey } from "@spiraltorch/spiraltorch/nn";
 *
 * const options = { fanIn: 3, fanOut: 3, key: seedKey(1) };
 * const weights = await initialize([3, 3], "xavier_uniform", options).data();
 * assert(Array.from(weights).every((x) => Math.abs(x) <= 1));
 * ```
 *
 * @param shape Their shape.
 * @param initializer The rule.
 * @param options What its numbers depend on.
 * @returns The weights, not computed yet.
 * @throws {OptionError} `INVALID_OPTION` if there is no such rule, a number is not finite, or orthogonal
 * weights are no matrix.
 * @throws {ShapeError} `SHAPE_MISMATCH` if a rule of one's own gives weights of another shape.
 */
export function initialize(
  shape: Shape,
  initializer: Initializer,
  options: InitializeOptions,
): Tensor {
  const { fanIn, fanOut, key } = optionsOf("initialize", options);
  assertNumber("initializer fanIn", fanIn, { min: 0 });
  assertNumber("initializer fanOut", fanOut, { min: 0 });
  if (typeof initializer === "function") {
    return byRule(shape, initializer, options);
  }
  const config: InitializerConfig = typeof initializer === "string"
    ? { name: initializer }
    : optionsOf("an initializer", initializer);
  const { name, value = 0 } = config;
  const gain = config.gain ?? GAINS.get(name) ?? 1;
  assertOneOf("initializer", name, INITIALIZERS);
  assertNumber("initializer gain", gain, { min: 0 });
  assertNumber("initializer value", value, { min: -Number.MAX_VALUE });
  const uniform = (bound: number) =>
    randomUniform(shape, { key }).mul(2 * bound).sub(bound);
  const normal = (deviation: number) =>
    randomNormal(shape, { key }).mul(deviation);
  switch (name) {
    case "zeros":
      return zeros(shape);
    case "ones":
      return ones(shape);
    case "fill":
      return full(shape, value);
    case "kaiming_uniform":
      return uniform(gain * Math.sqrt(3 / fanIn));
    case "kaiming_normal":
      return normal(gain / Math.sqrt(fanIn));
    case "xavier_uniform":
      return uniform(gain * Math.sqrt(6 / (fanIn + fanOut)));
    case "xavier_normal":
      return normal(gain * Math.sqrt(2 / (fanIn + fanOut)));
    case "truncated_normal":
      return truncatedNormal(shape, { key }).mul(gain);
    case "orthogonal":
      return orthogonal(shape, key).mul(gain);
    default:
      return name satisfies never;
  }
}

function byRule(
  shape: Shape,
  rule: InitializerRule,
  { fanIn, fanOut, key }: InitializeOptions,
): Tensor {
  const weights = rule({
    uniform: randomUniform(shape, { key: splitKey(key, 0) }),
    normal: randomNormal(shape, { key: splitKey(key, 1) }),
    fanIn: full([], fanIn),
    fanOut: full([], fanOut),
  });
  assertTensor("an initializer", weights);
  if (equalShapes(weights.shape, shape)) return weights;
  throw shapeMismatch("initialize", weights.shape, shape, {
    rule: "weights must have the shape of the random numbers",
  });
}

/** What random numbers are multiplied by, where it is not 1. */
const GAINS: ReadonlyMap<InitializerName, number> = new Map([
  ["kaiming_normal", Math.SQRT2],
  ["kaiming_uniform", Math.SQRT2],
  ["truncated_normal", 0.02],
]);
