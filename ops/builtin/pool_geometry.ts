import type { Shape } from "../../core/base/mod.ts";
import { attributeInvalid } from "../errors.ts";
import type { Attributes, Node } from "../graph/node.ts";
import { pad } from "./pad.ts";
import { windows } from "./windows.ts";

/** Windows along one axis. */
export interface PoolAxis {
  /** The axis, counted from the first. */
  readonly axis: number;
  /** Elements along it, without padding. */
  readonly length: number;
  /** Elements a window. */
  readonly size: number;
  /** From one window to the next. */
  readonly stride: number;
  /** From one element of a window to the next. */
  readonly dilation: number;
  /** How far the first window begins before the first element. */
  readonly padding: number;
  /** How many windows there are. */
  readonly count: number;
}

/**
 * Finds how windows lie along the last axes.
 *
 * Source: PyTorch `pooling_output_shape`: a last window must not begin behind the last element.
 *
 * @param operator Name of the operator, for messages.
 * @param shape Shape of what is pooled.
 * @param attributes Settings of the call; without padding or dilation where it has none.
 * @returns The windows along each of the last axes.
 */
export function poolAxes(
  operator: string,
  shape: Shape,
  attributes: Attributes,
): readonly PoolAxis[] {
  const rank = (attributes.kernel as readonly number[]).length;
  if (rank === 0 || rank > shape.length) {
    throw attributeInvalid(
      operator,
      "kernel",
      `found ${rank} sizes, wanted 1 to ${shape.length} (shape [${shape}])`,
    );
  }
  const lists = ["kernel", "stride", "padding", "dilation"].map((name) => {
    const least = name === "padding" ? 0 : 1;
    const list = (attributes[name] ??
      new Array<number>(rank).fill(least)) as readonly number[];
    if (list.length === rank && list.every((value) => value >= least)) {
      return list;
    }
    throw attributeInvalid(
      operator,
      name,
      `found [${list}], wanted ${rank} whole numbers from ${least}`,
    );
  });
  return Array.from({ length: rank }, (_, i) => {
    const [size, stride, padding, dilation] = lists.map((list) => list[i]!) as [
      number,
      number,
      number,
      number,
    ];
    const axis = shape.length - rank + i;
    const length = shape[axis]!;
    const one = { axis, length, size, stride, padding, dilation };
    const isCeil = attributes.ceilMode === true;
    return { ...one, count: windowCount(operator, one, isCeil) };
  });
}

function windowCount(
  operator: string,
  { length, size, stride, padding, dilation }: Omit<PoolAxis, "count">,
  isCeil: boolean,
): number {
  const reach = (size - 1) * dilation + 1;
  if (padding > reach / 2) {
    throw attributeInvalid(
      operator,
      "padding",
      `found ${padding}, wanted at most half of a window over ${reach} elements`,
    );
  }
  const free = length + 2 * padding - reach;
  if (length === 0 || free < 0) {
    throw attributeInvalid(
      operator,
      "kernel",
      `found windows over ${reach} elements, wanted at most ${
        length + 2 * padding
      } (${length} elements with padding ${padding})`,
    );
  }
  const steps = isCeil ? Math.ceil(free / stride) : Math.floor(free / stride);
  return steps * stride >= length + padding ? steps : steps + 1;
}

/**
 * Tells the shape that pooling gives.
 *
 * @param shape Shape of what is pooled.
 * @param axes The windows along the last axes.
 * @returns One element a window.
 */
export function pooledShape(shape: Shape, axes: readonly PoolAxis[]): Shape {
  return [
    ...shape.slice(0, shape.length - axes.length),
    ...axes.map(({ count }) => count),
  ];
}

/** A tensor with padding around it. */
export interface Padded {
  /** The padded tensor; the tensor itself where nothing is added. */
  readonly node: Node;
  /** How many elements were added before the first, along every axis. */
  readonly before: readonly number[];
}

/**
 * Adds what windows reach beyond a tensor.
 *
 * @param x The tensor.
 * @param axes The windows.
 * @param value What is added.
 * @returns The padded tensor.
 */
export function padForWindows(
  x: Node,
  axes: readonly PoolAxis[],
  value: number,
): Padded {
  const none = x.type.shape.map(() => 0);
  const [before, behind] = [[...none], [...none]];
  for (const { axis, count, stride, size, dilation, length, padding } of axes) {
    const end = (count - 1) * stride + (size - 1) * dilation + 1 - padding;
    before[axis] = padding;
    behind[axis] = Math.max(0, end - length);
  }
  const isPadded = [...before, ...behind].some((count) => count > 0);
  return {
    node: isPadded ? pad(x, { low: before, high: behind, value }) : x,
    before,
  };
}

/**
 * Looks at a padded tensor through windows.
 *
 * @param x The tensor.
 * @param axes The windows.
 * @returns The windows, whose elements are along new last axes.
 */
export function windowsOf(x: Node, axes: readonly PoolAxis[]): Node {
  return axes.reduce<Node>(
    (seen, { axis, size, stride, dilation }) =>
      windows(seen, { axis, size, stride, dilation }),
    x,
  );
}
