import type { Placed, Shape } from "../../../core/base/mod.ts";

/** A block of neighbouring places. */
export interface Box {
  /** Its sizes. */
  readonly shape: Shape;
  /** Its first place. */
  readonly offset: readonly number[];
}

/**
 * Cuts what no piece covers into boxes.
 *
 * @param shape Shape of the array.
 * @param pieces What lies in it.
 * @param most How many boxes there may be.
 * @returns The boxes, or `undefined` where pieces have gaps or there would be more.
 */
export function complementOf(
  shape: Shape,
  pieces: readonly Placed[],
  most: number,
): readonly Box[] | undefined {
  let boxes: readonly Box[] = shape.includes(0)
    ? []
    : [{ shape, offset: shape.map(() => 0) }];
  for (const piece of pieces) {
    const hasGaps = piece.shape.some((size, axis) =>
      size > 1 && piece.steps[axis] !== 1
    );
    if (hasGaps) return undefined;
    boxes = boxes.flatMap((box) => without(box, piece));
    if (boxes.length > most) return undefined;
  }
  return boxes;
}

/** What is left of a box, cut along one axis after the other. */
function without(box: Box, piece: Placed): Box[] {
  const from = box.offset.map((at, axis) => Math.max(at, piece.offset[axis]!));
  const to = box.offset.map((at, axis) =>
    Math.min(
      at + box.shape[axis]!,
      piece.offset[axis]! + piece.shape[axis]!,
    )
  );
  if (from.some((at, axis) => at >= to[axis]!)) return [box];
  const rest: Box[] = [];
  let { shape, offset } = box;
  shape.forEach((size, axis) => {
    const [start, end] = [offset[axis]!, offset[axis]! + size];
    const cut = (at: number, until: number) => {
      if (at >= until) return;
      rest.push({
        shape: shape.with(axis, until - at),
        offset: offset.with(axis, at),
      });
    };
    cut(start, from[axis]!);
    cut(to[axis]!, end);
    shape = shape.with(axis, to[axis]! - from[axis]!);
    offset = offset.with(axis, from[axis]!);
  });
  return rest;
}
