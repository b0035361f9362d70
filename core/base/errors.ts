/**
 * What can go wrong on the ground floor.
 *
 * Every failure that a caller may want to branch on has a stable code; its page is
 * `docs/errors/<CODE>.md`. Messages may be reworded in any release, codes may not. Each layer has an
 * `errors.ts` like this one: a table of its codes and one factory a code.
 *
 * @module
 */
import type { Coded } from "./coded.ts";
import type { Json, JsonObject } from "./json.ts";
import { printable } from "./printable.ts";

/** The codes of this layer, with the line their pages open with. */
export const ERROR_CODES = {
  AXIS_RANGE: "An axis lies outside the tensor's rank.",
  DTYPE_MISMATCH: "An operation was given a dtype it does not take.",
  INVALID_OPTION: "An option has a value that it cannot have.",
  SHAPE_INVALID: "A shape has a size that no tensor can have.",
  SHAPE_MISMATCH: "Shapes that must agree do not.",
} as const;

/** A stable, machine-readable name of one failure of this layer. */
export type BaseErrorCode = keyof typeof ERROR_CODES;

/** A shape, rank, axis or size that does not fit. */
export class ShapeError extends RangeError implements Coded {
  /** Stable name of the failure. */
  readonly code: string;
  /** The values the message was made from. */
  readonly details: JsonObject;

  /**
   * Constructs a new instance. Prefer a layer's factories: each code is built in one place.
   *
   * @param code Stable name of the failure.
   * @param message What was attempted, a colon, what was found and what was wanted.
   * @param details The values the message was made from.
   */
  constructor(code: string, message: string, details: JsonObject) {
    super(message);
    this.name = "ShapeError";
    this.code = code;
    this.details = details;
  }
}

/** A dtype that an operation does not take. */
export class DTypeError extends TypeError implements Coded {
  /** Stable name of the failure. */
  readonly code: string;
  /** The values the message was made from. */
  readonly details: JsonObject;

  /**
   * Constructs a new instance. Prefer a layer's factories: each code is built in one place.
   *
   * @param code Stable name of the failure.
   * @param message What was attempted, a colon, what was found and what was wanted.
   * @param details The values the message was made from.
   */
  constructor(code: string, message: string, details: JsonObject) {
    super(message);
    this.name = "DTypeError";
    this.code = code;
    this.details = details;
  }
}

/** An argument or option with a value that it cannot have. */
export class OptionError extends TypeError implements Coded {
  /** Stable name of the failure. */
  readonly code: string;
  /** The values the message was made from. */
  readonly details: JsonObject;

  /**
   * Constructs a new instance. Prefer a layer's factories: each code is built in one place.
   *
   * @param code Stable name of the failure.
   * @param message What was attempted, a colon, what was found and what was wanted.
   * @param details The values the message was made from.
   */
  constructor(code: string, message: string, details: JsonObject) {
    super(message);
    this.name = "OptionError";
    this.code = code;
    this.details = details;
  }
}

/**
 * Builds the error for an axis outside a shape's rank.
 *
 * @param operation Name of the operation that was attempted.
 * @param axis The axis as the caller wrote it.
 * @param shape The shape it was meant for.
 * @returns The error, for the caller to throw.
 */
export function axisOutOfRange(
  operation: string,
  axis: number,
  shape: readonly number[],
): ShapeError {
  return new ShapeError(
    "AXIS_RANGE",
    `Cannot apply ${operation} at axis ${
      safeText(axis)
    } of shape [${shape}]: the rank is ${shape.length}`,
    { operation, axis: plain(axis), shape },
  );
}

/**
 * Builds the error for a dtype that an operation does not take.
 *
 * @param operation Name of the operation that was attempted.
 * @param found The dtype it was given.
 * @param wanted The dtypes it takes.
 * @returns The error, for the caller to throw.
 */
export function dtypeMismatch(
  operation: string,
  found: string,
  wanted: readonly string[],
): DTypeError {
  return new DTypeError(
    "DTYPE_MISMATCH",
    `Cannot apply ${operation} to "${found}": the dtype must be ${
      wanted.map((dtype) => `"${dtype}"`).join(" or ")
    }`,
    { operation, found, wanted },
  );
}

/**
 * Builds the error for a shape that no tensor can have.
 *
 * @param operation Name of the operation that was attempted.
 * @param shape What was given as a shape.
 * @returns The error, for the caller to throw.
 */
export function invalidShape(operation: string, shape: unknown): ShapeError {
  return new ShapeError(
    "SHAPE_INVALID",
    `Cannot apply ${operation} with shape ${
      printable(safeText(shape), 200)
    }: sizes must be whole numbers from 0, with at most 2147483647 elements in all`,
    { operation, shape: plain(shape) },
  );
}

/** Which sizes disagree, and by which rule. */
export interface ShapeMismatch {
  /** The axis at which they disagree, as an index or counted from the last (`-1`). */
  readonly axis?: number;
  /** What the rule is, `sizes must be equal or 1`. */
  readonly rule: string;
}

/**
 * Builds the error for two shapes that cannot be combined.
 *
 * @param operation Name of the operation that was attempted.
 * @param left Shape of the first operand.
 * @param right Shape of the second operand.
 * @param mismatch Where they disagree, and by which rule.
 * @returns The error, for the caller to throw.
 */
export function shapeMismatch(
  operation: string,
  left: readonly number[],
  right: readonly number[],
  { axis, rule }: ShapeMismatch,
): ShapeError {
  return new ShapeError(
    "SHAPE_MISMATCH",
    `Cannot apply ${operation} to shapes [${left}] and [${right}]: ${rule}${
      axis === undefined ? "" : ` at axis ${axis}`
    }`,
    { operation, left, right, ...axis === undefined ? {} : { axis } },
  );
}

/**
 * Builds the error for an option with a value that it cannot have.
 *
 * @param option Name of the option, `createEcosystem backend`.
 * @param found What it was set to.
 * @param wanted What it may be, `a number above 0`.
 * @returns The error, for the caller to throw.
 */
export function invalidOption(
  option: string,
  found: unknown,
  wanted: string,
): OptionError {
  const shown = printable(
    typeof found === "string" ? JSON.stringify(found) : safeText(found),
    200,
  );
  return new OptionError(
    "INVALID_OPTION",
    `Cannot use ${shown} as ${option}: it must be ${wanted}`,
    { option, found: plain(found), wanted },
  );
}

/** A value as text, whatever it is. */
function safeText(value: unknown): string {
  try {
    return Array.isArray(value) ? `[${value}]` : String(value);
  } catch {
    return typeof value;
  }
}

/** A value as plain data: itself where it is that already, else as text. */
function plain(value: unknown): Json {
  if (typeof value === "number") {
    return Number.isFinite(value) ? value : String(value);
  }
  if (value === null || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(plain);
  return printable(safeText(value), 200);
}
