import { equalShapes, type Shape } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { Attributes, Node, PrimitiveOperator } from "../graph/node.ts";

/** Settings of {@linkcode slice}: one entry for each of the first axes, all others stay whole. */
export interface SliceAttributes {
  /** Where each begins; negative numbers count from the end. */
  readonly starts: readonly number[];
  /** Where each ends, exclusive; negative numbers count from the end. */
  readonly ends: readonly number[];
  /** From one element to the next, not 0. */
  readonly steps: readonly number[];
}

/** An end that lies behind every axis, and with a negative step before every axis. */
export const SLICE_END: number = 2 ** 31 - 1;

/**
 * Elements from a start to an end, a step apart, along each of the first axes. Negative steps walk
 * backwards.
 *
 * **Shapes**: `x [n, ...] -> y [ceil((end - start) / step), ...]`, with ends brought into range.
 *
 * **Cost**: none where the consumer can read with strides.
 *
 * **Source**: NumPy basic slicing; ONNX `Slice-13`, whose ends past the axis mean "as far as it goes".
 */
export const sliceOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "slice",
  version: "1.0.0",
  description: "Elements from a start to an end, a step apart, along axes.",
  schema: {
    inputs: ["x"],
    attributes: { starts: "integers", ends: "integers", steps: "integers" },
  },
  infer: ([x], attributes) => ({
    dtype: x!.dtype,
    shape: resolveSlice(x!.shape, attributes).sizes,
  }),
  lowering: {
    kind: "view",
    step: ({ inputs: [x], attributes }) => ({
      kind: "slice",
      ...resolveSlice(x!.shape, attributes),
    }),
  },
};

/** What a slice takes along every axis, counted from the first element. */
export interface ResolvedSlice {
  /** The first element taken. */
  readonly starts: readonly number[];
  /** How many are taken. */
  readonly sizes: Shape;
  /** From one to the next. */
  readonly steps: readonly number[];
}

/**
 * Finds what a slice takes of a shape.
 *
 * @param shape The shape.
 * @param attributes Settings of the call.
 * @returns Starts, sizes and steps, one an axis; starts are 0 where nothing is taken.
 */
export function resolveSlice(
  shape: Shape,
  attributes: Attributes,
): ResolvedSlice {
  const [starts, ends, steps] = ["starts", "ends", "steps"].map((name) => {
    const list = attributes[name] as readonly number[];
    if (list.length > shape.length) {
      throw attributeInvalid(
        "slice",
        name,
        `found ${list.length} entries, wanted at most one for each axis of shape [${shape}]`,
      );
    }
    return list;
  }) as [number[], number[], number[]];
  if (ends.length !== starts.length || steps.length !== starts.length) {
    throw attributeInvalid(
      "slice",
      ends.length === starts.length ? "steps" : "ends",
      `found another number of entries than in "starts" (${starts.length})`,
    );
  }
  const ranges = shape.map((size, axis) =>
    resolveRange(size, starts[axis] ?? 0, {
      end: ends[axis] ?? SLICE_END,
      step: steps[axis] ?? 1,
    })
  );
  return {
    starts: ranges.map(({ start }) => start),
    sizes: ranges.map(({ size }) => size),
    steps: ranges.map(({ step }) => step),
  };
}

function resolveRange(
  size: number,
  start: number,
  { end, step }: { readonly end: number; readonly step: number },
): { readonly start: number; readonly size: number; readonly step: number } {
  if (step === 0) {
    throw attributeInvalid("slice", "steps", "found 0, wanted another number");
  }
  // Walking backwards ends before the first element rather than behind the last.
  const [lowest, highest] = step > 0 ? [0, size] : [-1, size - 1];
  const bring = (place: number) =>
    Math.min(highest, Math.max(lowest, place < 0 ? place + size : place));
  const from = bring(start);
  const count = Math.max(0, Math.ceil((bring(end) - from) / step));
  return { start: count === 0 ? 0 : from, size: count, step };
}

/**
 * Takes elements along the first axes; see {@linkcode sliceOperator}.
 *
 * @param x The input.
 * @param attributes Starts, ends and steps.
 * @returns The elements taken.
 */
export function slice(
  x: Node,
  { starts, ends, steps }: SliceAttributes,
): Node {
  return apply(sliceOperator, [x], {
    starts: [...starts],
    ends: [...ends],
    steps: [...steps],
  });
}

/**
 * Takes elements along one axis.
 *
 * @param x The input, whose shape is known.
 * @param axis The axis, counted from the first.
 * @param range Where to begin, where to end, and how far from one to the next.
 * @returns The elements taken.
 */
export function sliceAxis(
  x: Node,
  axis: number,
  { start, end, step = 1 }: {
    readonly start: number;
    readonly end: number;
    readonly step?: number;
  },
): Node {
  const rank = axis + 1;
  const fill = (value: number, last: number) =>
    new Array<number>(rank).fill(value).with(axis, last);
  return slice(x, {
    starts: fill(0, start),
    ends: fill(SLICE_END, end),
    steps: fill(1, step),
  });
}

/**
 * Tells whether a slice takes everything as it is.
 *
 * @param shape Shape of what is sliced.
 * @param slice What is taken.
 * @returns Whether nothing changes.
 */
export function isWhole(shape: Shape, slice: ResolvedSlice): boolean {
  return equalShapes(slice.sizes, shape) &&
    slice.steps.every((step, axis) => step === 1 || shape[axis]! <= 1);
}
