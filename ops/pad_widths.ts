import { invalidOption, optionsOf } from "../core/base/mod.ts";
import { pad } from "./builtin/pad.ts";
import type { Node } from "./graph/node.ts";

/** How many elements are added along an axis: on both sides, or before and behind. */
export type PadWidth = number | readonly [before: number, behind: number];

/** Options of `Tensor.pad`. */
export interface PadOptions {
  /**
   * What is added.
   *
   * @default {0}
   */
  readonly value?: number;
  /**
   * How many elements are added between two neighbours, for each axis; none if left out.
   */
  readonly interior?: readonly number[];
}

/**
 * Adds elements around others.
 *
 * @param x The input.
 * @param widths How many, for each axis.
 * @param options What is added, and how many go between neighbours.
 * @returns The padded tensor.
 * @throws {OptionError} `INVALID_OPTION` if a width is no number or pair of numbers, or the value is
 * no number.
 */
export function padWidths(
  x: Node,
  widths: readonly PadWidth[],
  options?: PadOptions,
): Node {
  const { value = 0, interior } = optionsOf<PadOptions>("pad", options);
  if (!Array.isArray(widths)) {
    throw invalidOption(
      "the widths of pad",
      widths,
      "a list, one for each axis",
    );
  }
  if (typeof value !== "number") {
    throw invalidOption("the value of pad", value, "a number");
  }
  if (interior !== undefined && !Array.isArray(interior)) {
    throw invalidOption(
      "the interior of pad",
      interior,
      "a list, one for each axis",
    );
  }
  const pairs = Array.from(widths, parseWidth);
  return pad(x, {
    low: pairs.map(([before]) => before),
    high: pairs.map(([, behind]) => behind),
    ...interior === undefined ? {} : { interior },
    value,
  });
}

function parseWidth(width: unknown): readonly [number, number] {
  const pair: readonly unknown[] = Array.isArray(width)
    ? width
    : [width, width];
  if (pair.length === 2 && pair.every(Number.isSafeInteger)) {
    return pair as [number, number];
  }
  throw invalidOption(
    "a width of pad",
    width,
    "a whole number or [before, behind]",
  );
}
