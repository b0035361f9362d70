import { invalidOption, resolveAxis } from "../../core/base/mod.ts";
import { pad } from "../builtin/pad.ts";
import { sliceAxis } from "../builtin/slice.ts";
import type { Node } from "../graph/node.ts";

/**
 * Cuts an axis, or fills it up with zeros.
 *
 * @param operation What does it, for messages.
 * @param x The tensor.
 * @param change The axis, and how many places it gets; none for as many as it has.
 * @returns The tensor with so many places.
 * @throws {OptionError} `INVALID_OPTION` if that is no whole number from 1.
 */
export function resizeAxis(
  operation: string,
  x: Node,
  { axis, size }: { readonly axis: number; readonly size: number | undefined },
): Node {
  if (size === undefined) return x;
  if (!Number.isSafeInteger(size) || size < 1) {
    throw invalidOption(
      `${operation} size`,
      size,
      "a whole number from 1",
    );
  }
  const { shape } = x.type;
  const along = resolveAxis(operation, axis, shape);
  const missing = size - shape[along]!;
  if (missing <= 0) return sliceAxis(x, along, { start: 0, end: size });
  const none = shape.map(() => 0);
  return pad(x, { low: none, high: none.with(along, missing), value: 0 });
}
