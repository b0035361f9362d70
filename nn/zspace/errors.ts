/**
 * What can go wrong inside the ball: bad curvature, points outside, options of the guard and of the
 * coherence engine, values that are not finite.
 *
 * @module
 */
import { type Coded, type JsonObject, printable } from "../../core/base/mod.ts";

/** The codes of this folder, with the line their pages open with. */
export const ERROR_CODES = {
  NON_HYPERBOLIC_CURVATURE: "A curvature is not a finite number below 0.",
  POINT_OUTSIDE_BALL: "A point does not lie inside the ball.",
} as const;

/** A stable, machine-readable name of one failure of this folder. */
export type ZSpaceErrorCode = keyof typeof ERROR_CODES;

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
  const found = printable(String(curvature), 80);
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
