import { invalidOption } from "../core/base/mod.ts";
import { select } from "./builtin/select.ts";
import { slice, SLICE_END } from "./builtin/slice.ts";
import type { Node } from "./graph/node.ts";

/**
 * What is taken along one axis: what stands at a place, everything (`null`), or what lies from a start
 * to an end, a step apart. Negative places count from the end; `null` for start or end is as far as it
 * goes.
 */
export type SliceRange =
  | number
  | null
  | readonly [start: number | null, end?: number | null, step?: number];

/**
 * Takes elements along each of the first axes.
 *
 * @param x The input.
 * @param ranges What to take along each axis.
 * @returns The elements taken, without the axes of which one place was taken.
 * @throws {OptionError} `INVALID_OPTION` if a range is none.
 */
export function sliceRanges(x: Node, ranges: readonly SliceRange[]): Node {
  if (!Array.isArray(ranges)) {
    throw invalidOption("the ranges of slice", ranges, "a list of ranges");
  }
  const parsed = ranges.map(parseRange);
  const isSliced = parsed.some(({ isAll }) => !isAll);
  const sliced = isSliced
    ? slice(x, {
      starts: parsed.map(({ start }) => start),
      ends: parsed.map(({ end }) => end),
      steps: parsed.map(({ step }) => step),
    })
    : x;
  // From the last, so that the axes before it keep their numbers.
  return ranges.reduceRight<Node>(
    (taken, range, axis) =>
      typeof range === "number" ? select(taken, axis, range) : taken,
    sliced,
  );
}

interface ParsedRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly isAll: boolean;
}

const ALL: ParsedRange = { start: 0, end: SLICE_END, step: 1, isAll: true };

function parseRange(range: unknown): ParsedRange {
  if (range === null || Number.isSafeInteger(range)) return ALL;
  if (!Array.isArray(range) || range.length > 3) throw notARange(range);
  const [start = null, end = null, step = 1]: readonly unknown[] = range;
  const isBound = (bound: unknown) =>
    bound === null || Number.isSafeInteger(bound);
  if (!isBound(start) || !isBound(end) || !Number.isSafeInteger(step)) {
    throw notARange(range);
  }
  const [first, last] = (step as number) < 0
    ? [SLICE_END, -SLICE_END - 1]
    : [0, SLICE_END];
  return {
    start: (start ?? first) as number,
    end: (end ?? last) as number,
    step: step as number,
    isAll: false,
  };
}

function notARange(range: unknown): Error {
  return invalidOption(
    "a range of slice",
    range,
    "a whole number, null or [start, end, step]",
  );
}
