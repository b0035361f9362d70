import type { ParallelOptions } from "../layers/parallel.ts";
import {
  printShape,
  type ShapeInference,
  type SymbolicShape,
} from "../symbolic_shape.ts";

/**
 * Infers the shape of what becomes of several results.
 *
 * @param shapes Their shapes, one or more.
 * @param options How they become one.
 * @returns The shape, or what was wanted; nothing if it depends on sizes known by name only.
 */
export function mergeShapes(
  shapes: readonly SymbolicShape[],
  { merge, axis }: Required<ParallelOptions>,
): ShapeInference | undefined {
  const first = shapes[0]!;
  if (merge === "concat") return concatShapes(shapes, axis);
  const isSame = shapes.every((shape) =>
    printShape(shape) === printShape(first)
  );
  if (!isSame) return { wanted: `equal shapes for "${merge}"` };
  if (merge !== "stack") return first;
  const place = axis < 0 ? axis + first.length + 1 : axis;
  if (place < 0 || place > first.length) {
    return { wanted: `an axis from ${-first.length - 1} to ${first.length}` };
  }
  return first.toSpliced(place, 0, shapes.length);
}

function concatShapes(
  shapes: readonly SymbolicShape[],
  axis: number,
): ShapeInference | undefined {
  const first = shapes[0]!;
  const place = axis < 0 ? axis + first.length : axis;
  if (place < 0 || place >= first.length) {
    return { wanted: `an axis from ${-first.length} to ${first.length - 1}` };
  }
  const rest = (shape: SymbolicShape) => printShape(shape.toSpliced(place, 1));
  const isSame = shapes.every((shape) =>
    shape.length === first.length && rest(shape) === rest(first)
  );
  if (!isSame) {
    return { wanted: `shapes that are equal but along axis ${axis}` };
  }
  const sizes = shapes.map((shape) => shape[place]!);
  if (sizes.length === 1) return first;
  let sum = 0;
  for (const size of sizes) {
    if (typeof size === "string") return undefined;
    sum += size;
  }
  return first.with(place, sum);
}
