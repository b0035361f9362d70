import { itemBytes, type Shape, sizeOf } from "../../core/base/mod.ts";
import {
  type AttentionKernel,
  type Expression,
  type Kernel,
  type Operand,
  operandSpaces,
  outputShape,
  type RowsKernel,
  variesAlongRow,
} from "../../kernels/ir/mod.ts";

/** How much work one launch is, whatever runs it. */
export interface KernelCost {
  /** Arithmetic operations on elements; a function such as `exp` counts as one. */
  readonly flops: number;
  /** Bytes of the distinct elements it reads; an element that is read several times counts once. */
  readonly bytesRead: number;
  /** Bytes it writes. */
  readonly bytesWritten: number;
}

/**
 * Counts the work of a kernel.
 *
 * @param kernel The kernel.
 * @returns Operations and bytes.
 */
export function kernelCost(kernel: Kernel): KernelCost {
  return {
    flops: flopsOf(kernel),
    bytesRead: readsOf(kernel).reduce((sum, bytes) => sum + bytes, 0),
    bytesWritten: sizeOf(outputShape(kernel)) * itemBytes(kernel.dtype),
  };
}

function flopsOf(kernel: Kernel): number {
  const size = sizeOf(outputShape(kernel));
  switch (kernel.kind) {
    case "map":
      return size * operationsOf(kernel.body);
    case "reduce":
      return size *
        (sizeOf(kernel.over) * (operationsOf(kernel.body) + 1) +
          operationsOf(kernel.epilogue));
    case "rows":
      return rowsFlops(kernel);
    case "contract":
      return size * (2 * kernel.depth + operationsOf(kernel.epilogue));
    case "convolution": {
      // Zeros between and around elements count too: what is spared is not less work done.
      const taps = sizeOf(kernel.axes.map((axis) => axis.kernel));
      return size *
        (2 * kernel.depth * taps + operationsOf(kernel.epilogue));
    }
    case "scatter":
      return sizeOf(kernel.shape);
    case "scatterMax":
      return sizeOf(kernel.shape) * (sizeOf(kernel.over) + 1);
    case "assemble":
      return kernel.pieces.reduce(
        (sum, piece) => sum + sizeOf(piece.shape) * operationsOf(piece.body),
        0,
      );
    case "attention":
      return attentionFlops(kernel);
    case "random":
    // Nobody knows what foreign code computes.
    case "opaque":
      return 0;
    case "rowProgram":
      return sizeOf(kernel.batch) * kernel.program.flops;
    case "scan":
      return size * (operationsOf(kernel.body) + 1);
    case "sort": {
      // What comparing takes at the least.
      const length = Math.max(1, kernel.shape[kernel.axis]!);
      return sizeOf(kernel.shape) * Math.ceil(Math.log2(length));
    }
    default:
      return kernel satisfies never;
  }
}

/** What is the same all along a row is computed once a row. */
function rowsFlops(kernel: RowsKernel): number {
  const rows = sizeOf(kernel.shape);
  const size = rows * sizeOf(kernel.over);
  const varies = variesAlongRow(kernel);
  return kernel.body.reduce((sum, instruction, place) => {
    if (!isOperation(instruction)) return sum;
    const isOften = varies[place] || instruction.kind === "fold";
    return sum + (isOften ? size : rows);
  }, 0);
}

/** Two for each number that is multiplied; keys out of sight are left out where they are known. */
function attentionFlops(
  { role, batch, queries, keys, depth, width, isCausal }: AttentionKernel,
): number {
  // Query i sees i + 1 keys, as long as there are so many.
  const slope = Math.min(queries, keys);
  const seen = isCausal
    ? slope * (slope + 1) / 2 + (queries - slope) * keys
    : queries * keys;
  const products = {
    output: depth + width,
    logSumExp: depth,
    gradients: 3 * depth + 2 * width,
  };
  return 2 * sizeOf(batch) * seen * products[role];
}

function operationsOf(expression: Expression): number {
  return expression.filter(isOperation).length;
}

/** Whether an instruction computes something, rather than bring it. */
function isOperation({ kind }: Expression[number]): boolean {
  return kind === "unary" || kind === "binary" || kind === "select" ||
    kind === "fold";
}

/** Bytes of the distinct elements of each operand. */
function readsOf(kernel: Kernel): number[] {
  const spaces = operandSpaces(kernel);
  return kernel.operands.map((operand, index) => {
    // Several parts of a kernel may read the same elements.
    const counts = spaces.filter(({ operands }) => operands.includes(index))
      .map(({ space }) => distinctElements(operand, space));
    return Math.max(0, ...counts) * itemBytes(operand.dtype);
  });
}

/**
 * Axes along which an operand is stretched show the same elements again, and so do windows that
 * overlap: there are no more elements than lie between the first and the last.
 */
function distinctElements({ strides }: Operand, space: Shape): number {
  if (space.includes(0)) return 0;
  const moving = sizeOf(space.filter((_, axis) => strides[axis] !== 0));
  const reach = space.reduce(
    (sum, size, axis) => sum + (size - 1) * Math.abs(strides[axis]!),
    1,
  );
  return Math.min(moving, reach);
}
