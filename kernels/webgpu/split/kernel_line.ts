import { contiguousStrides } from "../../../core/base/mod.ts";
import type { Expression, Instruction, Kernel, Operand } from "../../ir/mod.ts";

/** A kernel as a line of pieces of work, one for each place along an axis of its output. */
export interface KernelLine {
  /** How many pieces there are. */
  readonly size: number;
  /**
   * Takes some of them as a kernel: its operands lie in the same arrays as before.
   *
   * @param first Number of the first one.
   * @param count How many, from 1.
   * @returns The kernel, whose output is that part of the output.
   */
  readonly take: (first: number, count: number) => Kernel;
}

/**
 * Finds the axis of a kernel's output along which it can be computed piece by piece: the first with more
 * than one place, so that pieces follow each other in the output.
 *
 * @param kernel The kernel.
 * @returns The line; none where a piece is made of what others are made of, or knows its place.
 */
export function lineOf(kernel: Kernel): KernelLine | undefined {
  switch (kernel.kind) {
    case "map":
      return overShape(kernel, [kernel.body]);
    case "reduce":
      return overShape(kernel, [kernel.body, kernel.epilogue]);
    case "rows":
      return overShape(kernel, [kernel.body]);
    case "scan":
      return outside(kernel, overShape(kernel, [kernel.body]));
    case "sort":
    case "scatter":
      return outside(kernel, overShape(kernel, []));
    case "contract":
      return overProducts(kernel);
    case "convolution": {
      const { batch: size, operands, epilogue } = kernel;
      return knowsPlace([epilogue], 0) ? undefined : {
        size,
        take: (first, count) => ({
          ...kernel,
          batch: count,
          operands: operands.map((operand, i) =>
            i === 1 ? operand : moved(operand, 0, first)
          ),
        }),
      };
    }
    case "attention": {
      const { batch, operands } = kernel;
      const axis = firstAxis(batch);
      return batch.length === 0 ? undefined : {
        size: batch[axis]!,
        take: (first, count) => ({
          ...kernel,
          batch: batch.with(axis, count),
          operands: operands.map((operand) => moved(operand, axis, first)),
        }),
      };
    }
    case "scatterMax":
      return overImages(kernel);
    case "assemble":
    case "random":
    case "rowProgram":
    case "opaque":
      return undefined;
    default:
      return kernel satisfies never;
  }
}

type Kind<K extends Kernel["kind"]> = Extract<Kernel, { readonly kind: K }>;

/** Kernels whose output and operands share the axes of their shape. */
function overShape(
  kernel: Kind<"map" | "reduce" | "rows" | "scan" | "sort" | "scatter">,
  bodies: readonly Expression[],
): KernelLine | undefined {
  const { shape } = kernel;
  const axis = firstAxis(shape);
  if (knowsPlace(bodies, axis)) return undefined;
  return {
    size: shape[axis] ?? 1,
    take: (first, count) => {
      // A single element has no axes.
      const own = shape.map((size, i) => i === axis ? count : size);
      const operands = kernel.operands.map((operand) =>
        moved(operand, axis, first)
      );
      // Each kind keeps what else it has.
      return { ...kernel, shape: own, operands } as typeof kernel;
    },
  };
}

/** Work along an axis is not divided along it. */
function outside(
  { shape, axis }: Kind<"scan" | "sort" | "scatter">,
  line: KernelLine | undefined,
): KernelLine | undefined {
  return firstAxis(shape) < axis ? line : undefined;
}

function overProducts(kernel: Kind<"contract">): KernelLine | undefined {
  const { batch, rows, operands, epilogue } = kernel;
  const isBatch = batch.some((size) => size > 1);
  const axis = isBatch ? firstAxis(batch) : batch.length;
  if (knowsPlace([epilogue], axis)) return undefined;
  return {
    size: isBatch ? batch[axis]! : rows,
    take: (first, count) => ({
      ...kernel,
      ...isBatch ? { batch: batch.with(axis, count) } : { rows: count },
      // All rows of a product see the same right matrix.
      operands: operands.map((operand, i) =>
        i === 1 && !isBatch ? operand : moved(operand, axis, first)
      ),
    }),
  };
}

/** Blocks of one image, whose elements go to one image of the output. */
function overImages(kernel: Kind<"scatterMax">): KernelLine | undefined {
  const { shape, operands: [values, elements], output, target } = kernel;
  const axis = firstAxis(shape);
  const step = contiguousStrides(output)[axis];
  const isAlone = axis < shape.length - 1 && output[axis] === shape[axis] &&
    target[axis] === step &&
    shape.every((size, i) => i <= axis || (size - 1) * target[i]! < step!);
  return isAlone
    ? {
      size: shape[axis]!,
      take: (first, count) => ({
        ...kernel,
        shape: shape.with(axis, count),
        output: output.with(axis, count),
        operands: [moved(values, axis, first), moved(elements, axis, first)],
      }),
    }
    : undefined;
}

function firstAxis(shape: readonly number[]): number {
  return Math.max(0, shape.findIndex((size) => size > 1));
}

function moved(operand: Operand, axis: number, places: number): Operand {
  const step = operand.strides[axis] ?? 0;
  return { ...operand, offset: operand.offset + places * step };
}

/** Whether the place along an axis is part of what is computed. */
function knowsPlace(bodies: readonly Expression[], axis: number): boolean {
  const asks = (each: Instruction) =>
    each.kind === "coordinate" && each.axis === axis;
  return bodies.some((body) => body.some(asks));
}
