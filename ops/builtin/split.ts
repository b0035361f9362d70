import { resolveAxis } from "../../core/base/mod.ts";
import { textOf } from "../check_attributes.ts";
import { attributeInvalid } from "../errors.ts";
import type { Node } from "../graph/node.ts";
import { select } from "./select.ts";
import { sliceAxis } from "./slice.ts";

/**
 * Cuts a tensor into parts along an axis.
 *
 * @param x The tensor, whose shape is known.
 * @param parts How many parts of equal size, or the size of each.
 * @param axis The axis.
 * @returns The parts, each a slice.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if the parts do not make up the axis.
 */
export function splitNode(
  x: Node,
  parts: number | readonly number[],
  axis: number,
): Node[] {
  const { shape } = x.type;
  const along = resolveAxis("split", axis, shape);
  const sizes = partSizes(parts, shape[along]!);
  let start = 0;
  return sizes.map((size) => {
    const part = sliceAxis(x, along, { start, end: start + size });
    start += size;
    return part;
  });
}

function partSizes(
  parts: number | readonly number[],
  size: number,
): readonly number[] {
  if (Array.isArray(parts)) {
    const isPart = (part: unknown) =>
      Number.isSafeInteger(part) && Number(part) >= 0;
    const isSum = parts.every(isPart) &&
      parts.reduce((sum, part) => sum + part, 0) === size;
    if (isSum) return parts;
    throw attributeInvalid(
      "split",
      "parts",
      `found ${textOf(parts)}, wanted sizes that add up to ${size}`,
    );
  }
  const count = parts as number;
  if (Number.isSafeInteger(count) && count > 0 && size % count === 0) {
    return new Array<number>(count).fill(size / count);
  }
  throw attributeInvalid(
    "split",
    "parts",
    `found ${textOf(count)}, wanted a whole number that divides ${size}`,
  );
}

/**
 * Takes what stands at each place of an axis.
 *
 * @param x The tensor, whose shape is known.
 * @param axis The axis.
 * @returns One tensor a place, without the axis.
 */
export function unstackNode(x: Node, axis: number): Node[] {
  const along = resolveAxis("unstack", axis, x.type.shape);
  return Array.from(
    { length: x.type.shape[along]! },
    (_, index) => select(x, along, index),
  );
}
