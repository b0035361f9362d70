import {
  contiguousStrides,
  itemBytes,
  type Shape,
  sizeOf,
} from "../../../core/base/mod.ts";
import type { RowsKernel } from "../../ir/mod.ts";
import { type View, viewsOf } from "../lanes/views.ts";
import { collapseAxes } from "../loops/collapse_axes.ts";
import { planPasses, type RowPasses } from "./row_passes.ts";

/** A kernel of whole rows in the order in which it is computed, with as few axes as possible. */
export interface RowsPlan {
  /** The kernel. */
  readonly kernel: RowsKernel;
  /** The walks along each row. */
  readonly passes: RowPasses;
  /** Axes that tell the rows apart. */
  readonly outer: Shape;
  /** Axes within a row. */
  readonly over: Shape;
  /** What is read and written, over `[...outer, ...over]`. */
  readonly views: readonly View[];
  /** Where a value is kept from one walk to the next: the name of a view. */
  readonly places: ReadonlyMap<number, string>;
  /** How many kept values have rows of their own in a thread's scratch memory. */
  readonly scratchRows: number;
}

/** Bytes of a lane, as which any value is kept. */
const LANE_BYTES = 4;

/** Name of the view of the output. */
export const OUTPUT = "output";

/**
 * Tells whether a view is of an operand.
 *
 * @param view The view.
 * @returns Whether it is.
 */
export function isOperand({ name }: View): boolean {
  return name.startsWith("@");
}

/**
 * Names the view of a row in scratch memory.
 *
 * @param index Which of them.
 * @returns The name.
 */
export function scratchName(index: number): string {
  return `scratch ${index}`;
}

/**
 * Plans how a kernel of whole rows is computed.
 *
 * @param kernel The kernel.
 * @returns The plan.
 */
export function planRows(kernel: RowsKernel): RowsPlan {
  const { shape, over, operands, body } = kernel;
  const passes = planPasses(kernel);
  const places = new Map<number, string>();
  let scratchRows = 0;
  for (const kept of passes.passes.flatMap((pass) => pass.kept)) {
    // The output's own row is in the first cache when it is written at last; a value takes its place
    // there until then, if its lanes fit.
    const inOutput = places.size === 0 && kernel.each === "element" &&
      itemBytes(kernel.dtype) === LANE_BYTES;
    places.set(kept, inOutput ? OUTPUT : scratchName(scratchRows++));
  }
  const views = [
    ...viewsOf(body, operands, [...shape, ...over]),
    ...ownViews(kernel, scratchRows),
  ];
  const rank = shape.length;
  const outer = collapseAxes({
    sizes: shape,
    strides: views.map(({ strides }) => strides.slice(0, rank)),
  });
  const inner = collapseAxes({
    sizes: over,
    strides: views.map(({ strides }) => strides.slice(rank)),
  });
  return {
    kernel,
    passes,
    outer: outer.sizes,
    over: inner.sizes,
    views: views.map((view, i) => ({
      ...view,
      strides: [...outer.strides[i]!, ...inner.strides[i]!],
    })),
    places,
    scratchRows,
  };
}

/** The views of what the kernel writes. */
function ownViews(
  { shape, over, each, dtype }: RowsKernel,
  scratchRows: number,
): View[] {
  const along = contiguousStrides(over);
  const rows = contiguousStrides(shape);
  const length = sizeOf(over);
  const output: View = {
    name: OUTPUT,
    dtype,
    strides: each === "row"
      ? [...rows, ...over.map(() => 0)]
      : [...rows.map((stride) => stride * length), ...along],
  };
  const scratch = Array.from({ length: scratchRows }, (_, i): View => ({
    name: scratchName(i),
    // Four bytes for whatever it is: lanes are kept as they are.
    dtype: "float32",
    strides: [...shape.map(() => 0), ...along],
  }));
  return [output, ...scratch];
}
