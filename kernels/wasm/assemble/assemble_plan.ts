import {
  contiguousStrides,
  type Shape,
  sizeOf,
  valueDType,
} from "../../../core/base/mod.ts";
import type { AssembleKernel, Expression } from "../../ir/mod.ts";
import { type View, viewsOf } from "../lanes/views.ts";
import { collapseAxes } from "../loops/collapse_axes.ts";
import { type Box, complementOf } from "./complement.ts";

/** Blocks from which each is put together as a whole; fewer are divided by the rows of the pieces. */
const BLOCKS_MIN = 16;

/** Boxes in which what no piece covers may lie; where there are more, all is filled first. */
const BOXES_MAX = 24;

/** Elements of a line that is one unit of work; longer ones are divided. */
const LINE_ELEMENTS = 1 << 13;

/** A piece with as few axes as possible. */
export interface PlannedPiece {
  /** Sizes of its axes. */
  readonly sizes: Shape;
  /** The value of one element. */
  readonly body: Expression;
  /** What the body reads, and as the last one the output; strides along the blocks' axes first. */
  readonly views: readonly View[];
  /** How far from the origin each view begins, in elements. */
  readonly starts: readonly number[];
}

/** How an array is put together. */
export interface AssemblePlan {
  /** The kernel. */
  readonly kernel: AssembleKernel;
  /** Sizes of the axes along which blocks lie that are all put together alike; none for one block. */
  readonly blocks: Shape;
  /** Whether pieces are laid over what was filled before, so that they must be taken in order. */
  readonly isLayered: boolean;
  /** The pieces of a block, what is only filled among them. */
  readonly pieces: readonly PlannedPiece[];
}

/**
 * Plans how to put an array together. Along leading axes that all pieces fill, blocks are put
 * together one by one: what is around the pieces is written while the block is in the cache.
 *
 * @param kernel The kernel.
 * @returns The plan.
 */
export function planAssemble(kernel: AssembleKernel): AssemblePlan {
  const { shape } = kernel;
  const common = commonAxes(kernel);
  const isByBlocks = sizeOf(shape.slice(0, common)) >= BLOCKS_MIN;
  const axes = isByBlocks ? common : 0;
  const boxes = complementOf(
    shape.slice(axes),
    kernel.pieces.map(({ shape, offset, steps }) => ({
      shape: shape.slice(axes),
      offset: offset.slice(axes),
      steps: steps.slice(axes),
    })),
    BOXES_MAX,
  );
  const fill: Expression = [{
    kind: "constant",
    value: kernel.value,
    dtype: valueDType(kernel.dtype),
  }];
  const block = { shape: shape.slice(axes), offset: shape.slice(axes).fill(0) };
  const filled = (boxes ?? [block]).map((box) => ({
    ...inAllBlocks(box, shape.slice(0, axes)),
    body: fill,
  }));
  // Filled first: where pieces have gaps, they are laid over it.
  const pieces = [...filled, ...kernel.pieces].map((piece) =>
    planPiece(kernel, piece, axes)
  );
  return {
    kernel,
    blocks: shape.slice(0, axes),
    isLayered: boxes === undefined,
    pieces: isByBlocks ? pieces : pieces.flatMap(divideLine),
  };
}

/** How many leading axes all pieces fill. */
function commonAxes({ shape, pieces }: AssembleKernel): number {
  const axis = shape.findIndex((size, axis) =>
    !pieces.every((piece) => piece.shape[axis] === size)
  );
  return axis === -1 ? Math.max(0, shape.length - 1) : axis;
}

/** A box of a block, in all blocks. */
function inAllBlocks({ shape, offset }: Box, blocks: Shape): Placement {
  return {
    shape: [...blocks, ...shape],
    offset: [...blocks.map(() => 0), ...offset],
    steps: [...blocks.map(() => 1), ...shape.map(() => 1)],
  };
}

interface Placement {
  readonly shape: Shape;
  readonly offset: readonly number[];
  readonly steps: readonly number[];
}

function planPiece(
  { shape, operands, dtype }: AssembleKernel,
  piece: Placement & { readonly body: Expression },
  axes: number,
): PlannedPiece {
  const strides = contiguousStrides(shape);
  const views: View[] = [
    ...viewsOf(piece.body, operands, piece.shape),
    {
      name: "output",
      dtype,
      strides: strides.map((stride, axis) => stride * piece.steps[axis]!),
    },
  ];
  const inner = collapseAxes({
    sizes: piece.shape.slice(axes),
    strides: views.map((view) => view.strides.slice(axes)),
  });
  return {
    sizes: inner.sizes,
    body: piece.body,
    views: views.map((view, i) => ({
      ...view,
      strides: [...view.strides.slice(0, axes), ...inner.strides[i]!],
    })),
    starts: views.map(({ name }) =>
      name === "output"
        ? piece.offset.reduce((sum, at, axis) => sum + at * strides[axis]!, 0)
        : 0
    ),
  };
}

/** Cuts a long line into shorter ones, so that threads can share it. */
function divideLine(piece: PlannedPiece): PlannedPiece[] {
  const { sizes, views, starts } = piece;
  const [length] = sizes;
  const isDivisible = sizes.length === 1 && length! >= 2 * LINE_ELEMENTS;
  if (!isDivisible) return [piece];
  const lines = Math.floor(length! / LINE_ELEMENTS);
  const divided = {
    ...piece,
    sizes: [lines, LINE_ELEMENTS],
    views: views.map((view) => ({
      ...view,
      strides: [view.strides[0]! * LINE_ELEMENTS, view.strides[0]!],
    })),
  };
  const done = lines * LINE_ELEMENTS;
  if (done === length) return [divided];
  const rest = {
    ...piece,
    sizes: [length! - done],
    starts: starts.map((start, i) => start + done * views[i]!.strides[0]!),
  };
  return [divided, rest];
}
