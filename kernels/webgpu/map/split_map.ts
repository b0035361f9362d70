/**
 * Kernels of single elements over arrays that are larger than a device binds: each part of the work is
 * bound to the parts of the arrays that it sees.
 *
 * @module
 */
import { itemBytes } from "../../../core/base/mod.ts";
import type { Kernel, MapKernel } from "../../ir/mod.ts";
import type { GpuKernel, GpuTraits } from "../gpu_kernel.ts";
import { compileMap } from "./map_shader.ts";

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
interface MapPart {
  /** The work. */
  readonly kernel: MapKernel;
  /** For each array of the step, the part that it is bound to. */
  readonly spans: ReadonlyMap<number, Span>;
}

/** Elements are read by up to four words. */
const READ_BYTES = 16;

/**
 * Splits a kernel of single elements along its first axis.
 *
 * @param kernel The kernel.
 * @param slots For each operand, the number of its array; 0 is the output's.
 * @param limits What the device binds.
 * @returns The parts; none where it is another kernel, or no parts are small enough.
 */
export function splitMap(
  kernel: Kernel,
  slots: readonly number[],
  limits: BindingLimits,
): readonly MapPart[] | undefined {
  if (kernel.kind !== "map" || !isSplittable(kernel)) return undefined;
  const { shape, dtype } = kernel;
  const axis = Math.max(0, shape.findIndex((size) => size > 1));
  const rows = shape[axis] ?? 1;
  const rowBytes = itemBytes(dtype) *
    shape.slice(axis + 1).reduce((all, size) => all * size, 1);
  // Parts of the output begin where bindings may.
  const unit = limits.minStorageBufferOffsetAlignment /
    commonDivisor(limits.minStorageBufferOffsetAlignment, rowBytes);
  let step = Math.ceil(rows / unit) * unit;
  for (; step >= unit; step = Math.floor(step / 2 / unit) * unit) {
    const parts = partsOf(kernel, slots, { axis, step, rowBytes, limits });
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
 * @returns The shaders, one dispatch a part.
 */
export function compileParts(
  parts: readonly MapPart[],
  slots: readonly number[],
  traits: GpuTraits,
): GpuKernel {
  const passes = parts.flatMap(({ kernel, spans }) =>
    compileMap(kernel, slots, traits).passes.map((pass) => ({
      ...pass,
      arrays: pass.arrays.map((array) => {
        const { start, end } = spans.get(array.place)!;
        return { ...array, start, bytes: end - start };
      }),
    }))
  );
  return { passes, scratchBytes: [], constants: [] };
}

/** Whether each element is computed from those at its own place. */
function isSplittable({ operands, body }: MapKernel): boolean {
  return operands.every(({ strides }) => strides.every((step) => step >= 0)) &&
    body.every(({ kind }) => kind !== "coordinate" && kind !== "gather");
}

interface Division {
  readonly axis: number;
  readonly step: number;
  readonly rowBytes: number;
  readonly limits: BindingLimits;
}

function partsOf(
  kernel: MapKernel,
  slots: readonly number[],
  { axis, step, rowBytes, limits }: Division,
): readonly MapPart[] | undefined {
  const rows = kernel.shape[axis] ?? 1;
  const parts: MapPart[] = [];
  for (let first = 0; first < rows; first += step) {
    const count = Math.min(step, rows - first);
    // A single element has no axes.
    const shape = kernel.shape.map((size, i) => i === axis ? count : size);
    const operands = kernel.operands.map((operand) => ({
      ...operand,
      offset: operand.offset + first * (operand.strides[axis] ?? 0),
    }));
    const output = { start: first * rowBytes, end: (first + count) * rowBytes };
    const part = { ...kernel, shape, operands };
    const spans = spansOf(part, slots, { output, limits });
    if (!spans) return undefined;
    parts.push({
      spans,
      kernel: {
        ...part,
        operands: operands.map((operand, i) => ({
          ...operand,
          offset: operand.offset -
            spans.get(slots[i]!)!.start / itemBytes(operand.dtype),
        })),
      },
    });
  }
  return parts;
}

/** The parts of the arrays that a part of the work sees, if each can be bound. */
function spansOf(
  { shape, operands }: MapKernel,
  slots: readonly number[],
  { output, limits }: { readonly output: Span; readonly limits: BindingLimits },
): ReadonlyMap<number, Span> | undefined {
  const alignment = limits.minStorageBufferOffsetAlignment;
  const spans = new Map([[0, output]]);
  operands.forEach(({ dtype, strides, offset }, i) => {
    const last = shape.reduce(
      (sum, size, axis) => sum + (size - 1) * strides[axis]!,
      offset,
    );
    const known = spans.get(slots[i]!);
    const start = itemBytes(dtype) * offset;
    const end = itemBytes(dtype) * (last + 1);
    spans.set(slots[i]!, {
      start: Math.min(known?.start ?? start, start - start % alignment),
      end: Math.max(known?.end ?? end, end),
    });
  });
  for (const [slot, { start, end }] of spans) {
    const whole = Math.ceil((end - start) / READ_BYTES) * READ_BYTES;
    if (whole > limits.maxStorageBufferBindingSize) return undefined;
    spans.set(slot, { start, end: start + whole });
  }
  // The output is written from the start of its binding.
  return spans.get(0)!.start === output.start ? spans : undefined;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
