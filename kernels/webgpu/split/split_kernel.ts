/**
 * Kernels over arrays that are larger than a device binds: each part of the work is bound to the parts of
 * the arrays that it sees.
 *
 * @module
 */
import { itemBytes, type Shape, sizeOf } from "../../../core/base/mod.ts";
import {
  type Kernel,
  type Operand,
  operandSpaces,
  outputShape,
} from "../../ir/mod.ts";
import { compileKernel } from "../compile_kernel.ts";
import type { GpuKernel, GpuTraits } from "../gpu_kernel.ts";
import { type KernelLine, lineOf } from "./kernel_line.ts";

/** What a device grants to bindings. */
export interface BindingLimits {
  /** Bytes of one of them. */
  readonly maxStorageBufferBindingSize: number;
  /** What their starts must be multiples of. */
  readonly minStorageBufferOffsetAlignment: number;
}

/** A part of an array, in bytes. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A part of a kernel's work. */
interface KernelPart {
  /** The work. */
  readonly kernel: Kernel;
  /** For each array of the step, the part that it is bound to. */
  readonly spans: ReadonlyMap<number, Span>;
}

/** Elements are read by up to four words. */
const READ_BYTES = 16;

/**
 * Splits a kernel along an axis of its output.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array; 0 is the output's.
 * @param limits What the device binds.
 * @returns The parts; none where its work cannot be divided, or no parts are small enough.
 */
export function splitKernel(
  kernel: Kernel,
  slots: readonly number[],
  limits: BindingLimits,
): readonly KernelPart[] | undefined {
  const line = lineOf(kernel);
  if (!line || line.size === 0) return undefined;
  const bytes = sizeOf(outputShape(kernel)) * itemBytes(kernel.dtype);
  const pieceBytes = bytes / line.size;
  // Parts of the output begin where bindings may.
  const alignment = limits.minStorageBufferOffsetAlignment;
  const unit = alignment / commonDivisor(alignment, pieceBytes);
  let step = Math.ceil(line.size / unit) * unit;
  for (; step >= unit; step = Math.floor(step / 2 / unit) * unit) {
    const parts = partsOf(line, slots, { step, pieceBytes, limits });
    if (parts) return parts;
  }
  return undefined;
}

/**
 * Compiles a kernel that has been split.
 *
 * @param parts The parts.
 * @param slots For each operand, the number of its array.
 * @param traits What is known of the device.
 * @returns The shaders, the dispatches of one part after another.
 */
export function compileParts(
  parts: readonly KernelPart[],
  slots: readonly number[],
  traits: GpuTraits,
): GpuKernel {
  const scratchBytes: number[] = [];
  const passes = parts.flatMap(({ kernel, spans }) => {
    const compiled = compileKernel(kernel, slots, traits);
    // One part after another uses what the kernel has for itself.
    compiled.scratchBytes?.forEach((bytes, i) => {
      scratchBytes[i] = Math.max(scratchBytes[i] ?? 0, bytes);
    });
    return compiled.passes.map((pass) => ({
      ...pass,
      arrays: pass.arrays.map((array) => {
        if (array.of !== "step") return array;
        const { start, end } = spans.get(array.place)!;
        return { ...array, start, bytes: end - start };
      }),
    }));
  });
  return { passes, scratchBytes, constants: [] };
}

function partsOf(
  line: KernelLine,
  slots: readonly number[],
  { step, pieceBytes, limits }: {
    readonly step: number;
    readonly pieceBytes: number;
    readonly limits: BindingLimits;
  },
): readonly KernelPart[] | undefined {
  const parts: KernelPart[] = [];
  for (let first = 0; first < line.size; first += step) {
    const count = Math.min(step, line.size - first);
    const output = {
      start: first * pieceBytes,
      end: (first + count) * pieceBytes,
    };
    const kernel = line.take(first, count);
    const spans = spansOf(kernel, slots, { output, limits });
    if (!spans) return undefined;
    const operands = kernel.operands.map((operand, i) => ({
      ...operand,
      offset: operand.offset -
        spans.get(slots[i]!)!.start / itemBytes(operand.dtype),
    }));
    // As many operands as before, each where it lay.
    parts.push({ spans, kernel: { ...kernel, operands } as Kernel });
  }
  return parts;
}

/** The parts of the arrays that a part of the work sees, if each can be bound. */
function spansOf(
  kernel: Kernel,
  slots: readonly number[],
  { output, limits }: { readonly output: Span; readonly limits: BindingLimits },
): ReadonlyMap<number, Span> | undefined {
  const alignment = limits.minStorageBufferOffsetAlignment;
  const spans = new Map([[0, output]]);
  const reaches = operandSpaces(kernel).flatMap(({ operands, space }) =>
    operands.map((i) => [i, reachOf(kernel, i, space)] as const)
  );
  for (const [i, reach] of reaches) {
    if (!reach) return undefined;
    const { dtype } = kernel.operands[i]!;
    const known = spans.get(slots[i]!);
    const start = itemBytes(dtype) * reach.start;
    const end = itemBytes(dtype) * reach.end;
    spans.set(slots[i]!, {
      start: Math.min(known?.start ?? start, start - start % alignment),
      end: Math.max(known?.end ?? end, end),
    });
  }
  for (const [slot, { start, end }] of spans) {
    const whole = Math.ceil((end - start) / READ_BYTES) * READ_BYTES;
    if (whole > limits.maxStorageBufferBindingSize) return undefined;
    spans.set(slot, { start, end: start + whole });
  }
  // The output is written from the start of its binding.
  return spans.get(0)!.start === output.start ? spans : undefined;
}

/** The elements of its array that an operand shows, gathered ones too; none where it runs backwards. */
function reachOf(
  kernel: Kernel,
  index: number,
  space: Shape,
): Span | undefined {
  const { strides, offset }: Operand = kernel.operands[index]!;
  const gathers = "body" in kernel
    ? kernel.body.filter((each) =>
      each.kind === "gather" && each.operand === index
    )
    : [];
  const along = [
    ...space.map((size, axis) => ({ size, stride: strides[axis]! })),
    ...gathers.map((each) =>
      each.kind === "gather" ? each : { size: 1, stride: 0 }
    ),
  ];
  if (along.some(({ stride, size }) => stride < 0 || size === 0)) {
    return undefined;
  }
  const last = along.reduce(
    (sum, { size, stride }) => sum + (size - 1) * stride,
    offset,
  );
  return { start: offset, end: last + 1 };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
