/**
 * What can go wrong inside the ball: bad curvature, points outside, options of the guard and of the
 * coherence engine, values that are not finite.
 *
 * @module
 */
import {
  type Coded,
  type JsonObject,
  OptionError,
  printable,
} from "../../core/base/mod.ts";

/** The codes of this folder, with the line their pages open with. */
export const ERROR_CODES = {
  CURVATURE_MISMATCH: "Two parts that work together have different curvatures.",
  DEPTH_EXCEEDED: "Something is repeated more often than the topos allows.",
  EMPTY_INPUT: "There is nothing to measure or encode.",
  INVALID_TEXT: "Text holds half of a character.",
  NON_HYPERBOLIC_CURVATURE: "A curvature is not a finite number below 0.",
  NON_POSITIVE_COHERENCE: "Weights of channels have no finite sum above 0.",
  NON_POSITIVE_LEARNING_RATE: "A learning rate is not a finite number above 0.",
  NON_POSITIVE_SATURATION: "A saturation is not a finite number above 0.",
  NON_POSITIVE_TEMPERATURE: "A temperature is not a finite number above 0.",
  NON_POSITIVE_TOLERANCE: "A tolerance is not a finite number above 0.",
  NON_POSITIVE_WEIGHT: "A linguistic profile has a weight that is not above 0.",
  NOT_A_DISTRIBUTION: "Numbers are no shares that add up to 1.",
  POINT_OUTSIDE_BALL: "A point does not lie inside the ball.",
  POROSITY_OUT_OF_RANGE: "A porosity is not a number from 0 to 1.",
  TEXT_TOO_LONG: "Text has more characters than are encoded at once.",
  VOLUME_EXCEEDED: "A tensor has more elements than the topos allows.",
} as const;

/**
 * A stable, machine-readable name of one failure of this folder. `TRACE_INVALID` is shared with graphs
 * that come from outside, where it has its page.
 */
export type ZSpaceErrorCode = keyof typeof ERROR_CODES | "TRACE_INVALID";

/** Something that cannot be done inside the ball. */
export class ZSpaceError extends RangeError implements Coded {
  /** Stable name of the failure. */
  readonly code: ZSpaceErrorCode;
  /** The values the message was made from. */
  readonly details: JsonObject;

  /**
   * Constructs a new instance. Prefer the factories: each code is built in one place.
   *
   * @param code Stable name of the failure.
   * @param message What was attempted, a colon, what was found and what was wanted.
   * @param details The values the message was made from.
   */
  constructor(code: ZSpaceErrorCode, message: string, details: JsonObject) {
    super(message);
    this.name = "ZSpaceError";
    this.code = code;
    this.details = details;
  }
}

/**
 * Builds the error for a curvature that no ball has.
 *
 * @param owner What it was meant for, `PoincareBall`.
 * @param curvature What was given.
 * @returns The error, for the caller to throw.
 */
export function nonHyperbolicCurvature(
  owner: string,
  curvature: unknown,
): ZSpaceError {
  const found = shown(curvature);
  return new ZSpaceError(
    "NON_HYPERBOLIC_CURVATURE",
    `Cannot make ${owner} of curvature ${found}: wanted a finite number below 0`,
    { owner, found },
  );
}

/**
 * Builds the error for a point outside the ball.
 *
 * @param index Which point, counted along the leading axes.
 * @param radius How far it is from the center, as a share of the ball's radius.
 * @returns The error, for the caller to throw.
 */
export function pointOutsideBall(index: number, radius: number): ZSpaceError {
  return new ZSpaceError(
    "POINT_OUTSIDE_BALL",
    `Cannot take point ${index} as one of the ball: found radius ${radius} of the ball's, wanted less than 1`,
    { index, radius: Number.isFinite(radius) ? radius : String(radius) },
  );
}

/** One option that has a value that it cannot have. */
export interface OptionProblem {
  /** Name of the option, `channels`. */
  readonly name: string;
  /** What it was set to. */
  readonly value: unknown;
  /** What it may be, `a whole number from 1 to 16`. */
  readonly range: string;
}

/**
 * Builds the error for options that have values that they cannot have: one for all of them.
 *
 * @param owner Whose options they are, `CoherenceEngine`.
 * @param problems The options, at least one.
 * @returns The error, for the caller to throw.
 */
export function invalidOptions(
  owner: string,
  problems: readonly OptionProblem[],
): OptionError {
  const plain = problems.map(({ name, value, range }) => ({
    name,
    value: shown(value),
    range,
  }));
  const text = plain.map(({ name, value, range }) =>
    `${name} is ${value}, wanted ${range}`
  );
  const [first] = plain;
  return new OptionError(
    "INVALID_OPTION",
    `Cannot make ${owner} of these options: ${text.join("; ")}`,
    { ...first, problems: plain },
  );
}

/**
 * Builds the error for a number that has a code of its own where it is out of range.
 *
 * @param code The code.
 * @param owner Whose option it is, `OpenCartesianTopos`.
 * @param problem The option, what it was set to and what it may be.
 * @returns The error, for the caller to throw.
 */
export function optionOutOfRange(
  code: Extract<
    ZSpaceErrorCode,
    | "NON_POSITIVE_LEARNING_RATE"
    | "NON_POSITIVE_SATURATION"
    | "NON_POSITIVE_TEMPERATURE"
    | "NON_POSITIVE_TOLERANCE"
    | "NON_POSITIVE_WEIGHT"
    | "POROSITY_OUT_OF_RANGE"
  >,
  owner: string,
  { name, value, range }: OptionProblem,
): ZSpaceError {
  const found = shown(value);
  return new ZSpaceError(
    code,
    `Cannot make ${owner} with ${name} ${found}: wanted ${range}`,
    { owner, name, value: found, range },
  );
}

/**
 * Builds the error for parts of different curvatures.
 *
 * @param owner What they are parts of.
 * @param curvatures Its own, and the other one.
 * @returns The error, for the caller to throw.
 */
export function curvatureMismatch(
  owner: string,
  { wanted, found }: { readonly wanted: number; readonly found: number },
): ZSpaceError {
  return new ZSpaceError(
    "CURVATURE_MISMATCH",
    `Cannot make ${owner} of curvature ${wanted}: its topos has curvature ${found}, wanted the same`,
    { owner, wanted, found },
  );
}

/**
 * Builds the error for something that is repeated too often.
 *
 * @param depth How often.
 * @param maxDepth The first number that is too many.
 * @returns The error, for the caller to throw.
 */
export function depthExceeded(depth: number, maxDepth: number): ZSpaceError {
  return new ZSpaceError(
    "DEPTH_EXCEEDED",
    `Cannot go to depth ${depth}: wanted less than ${maxDepth}`,
    { depth, maxDepth },
  );
}

/**
 * Builds the error for a tensor that is too large.
 *
 * @param label What it is called.
 * @param sizes Its number of elements, and the largest one allowed.
 * @returns The error, for the caller to throw.
 */
export function volumeExceeded(
  label: string,
  { volume, maxVolume }: {
    readonly volume: number;
    readonly maxVolume: number;
  },
): ZSpaceError {
  return new ZSpaceError(
    "VOLUME_EXCEEDED",
    `Cannot take "${label}" of ${volume} elements: wanted at most ${maxVolume}`,
    { label, volume, maxVolume },
  );
}

/**
 * Builds the error for input without anything in it.
 *
 * @param operation What was attempted, `measure coherence`.
 * @returns The error, for the caller to throw.
 */
export function emptyInput(operation: string): ZSpaceError {
  return new ZSpaceError(
    "EMPTY_INPUT",
    `Cannot ${operation}: found nothing, wanted at least one row or character`,
    { operation },
  );
}

/**
 * Builds the error for weights of channels that nothing can be a share of.
 *
 * @param sum What they add up to.
 * @returns The error, for the caller to throw.
 */
export function nonPositiveCoherence(sum: number): ZSpaceError {
  return new ZSpaceError(
    "NON_POSITIVE_COHERENCE",
    `Cannot weigh channels: found weights that add up to ${sum}, wanted weights from 0 on with a finite sum above 0`,
    { sum: Number.isFinite(sum) ? sum : String(sum) },
  );
}

/**
 * Builds the error for numbers that are no shares of a whole.
 *
 * @param problem What was found and what was wanted.
 * @param details The values the message was made from.
 * @returns The error, for the caller to throw.
 */
export function notADistribution(
  problem: string,
  details: JsonObject,
): ZSpaceError {
  return new ZSpaceError(
    "NOT_A_DISTRIBUTION",
    `Cannot summarize a distribution: ${problem}`,
    details,
  );
}

/**
 * Requires a number that has a code of its own where it is not above 0.
 *
 * @param code The code.
 * @param owner Whose option it is, `RiemannianSgd`.
 * @param option The option and what it was set to.
 * @throws {ZSpaceError} With the code, if the number is not finite or not above 0.
 */
export function assertPositive(
  code: Parameters<typeof optionOutOfRange>[0],
  owner: string,
  { name, value }: Omit<OptionProblem, "range">,
): void {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return;
  const range = "a finite number above 0";
  throw optionOutOfRange(code, owner, { name, value, range });
}

/**
 * Builds the error for text that holds half of a surrogate pair.
 *
 * @param index Where, in UTF-16 units.
 * @returns The error, for the caller to throw.
 */
export function invalidText(index: number): ZSpaceError {
  return new ZSpaceError(
    "INVALID_TEXT",
    `Cannot encode text: found a lone surrogate at ${index}, wanted whole characters`,
    { index },
  );
}

/**
 * Builds the error for text of too many characters.
 *
 * @param length How many it has.
 * @param lengthMax How many are allowed.
 * @returns The error, for the caller to throw.
 */
export function textTooLong(length: number, lengthMax: number): ZSpaceError {
  return new ZSpaceError(
    "TEXT_TOO_LONG",
    `Cannot encode text: found ${length} characters, wanted at most ${lengthMax}`,
    { length, lengthMax },
  );
}

/**
 * Builds the error for a line that is none of a trace.
 *
 * @param problem Which line, where in it, and what was wanted there.
 * @returns The error, for the caller to throw.
 */
export function traceInvalid(
  { line, path, hint }: {
    readonly line: number;
    readonly path: string;
    readonly hint: string;
  },
): ZSpaceError {
  const place = path === "" ? "the line" : path;
  return new ZSpaceError(
    "TRACE_INVALID",
    `Cannot read line ${line} of a trace: ${place} does not fit, ${hint}`,
    { line, path, hint },
  );
}

/** A value as text, whatever it is. */
function shown(value: unknown): string {
  try {
    return printable(String(value), 80);
  } catch {
    return typeof value;
  }
}
