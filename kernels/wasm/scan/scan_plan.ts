import { loadAddress } from "../assembler/tables.ts";
import {
  contiguousStrides,
  type Shape,
  valueDType,
} from "../../../core/base/mod.ts";
import type { ScanKernel } from "../../ir/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import {
  emitOrigins,
  OUTPUT_SLOT,
  type View,
  viewsOf,
} from "../lanes/views.ts";
import { collapseAxes } from "../loops/collapse_axes.ts";
import type { ScanRule } from "./running.ts";

/** A scan over an index space with as few axes as possible: `[...before, length, ...after]`. */
export interface ScanPlan {
  /** The kernel. */
  readonly kernel: ScanKernel;
  /** What is combined, and how. */
  readonly rule: ScanRule;
  /** Axes before the one along which values are combined. */
  readonly before: Shape;
  /** Size of that axis. */
  readonly length: number;
  /** Axes after it. */
  readonly after: Shape;
  /** What the body reads, and as the last one the output. */
  readonly views: readonly View[];
}

/**
 * Brings a scan into as few axes as possible.
 *
 * @param kernel The kernel.
 * @returns The plan.
 */
export function planScan(kernel: ScanKernel): ScanPlan {
  const { shape, axis, operands, body, dtype } = kernel;
  const views: View[] = [
    ...viewsOf(body, operands, shape),
    { name: "output", dtype, strides: contiguousStrides(shape) },
  ];
  const part = (from: number, to: number) =>
    collapseAxes({
      sizes: shape.slice(from, to),
      strides: views.map(({ strides }) => strides.slice(from, to)),
    });
  const before = part(0, axis);
  const after = part(axis + 1, shape.length);
  return {
    kernel,
    rule: {
      fn: kernel.combine,
      dtype: valueDType(dtype),
      isReverse: kernel.isReverse,
      isExclusive: kernel.isExclusive,
    },
    before: before.sizes,
    length: shape[axis]!,
    after: after.sizes,
    views: views.map((view, i) => ({
      ...view,
      strides: [
        ...before.strides[i]!,
        view.strides[axis]!,
        ...after.strides[i]!,
      ],
    })),
  };
}

/**
 * Writes where the views of a scan stand at the origin.
 *
 * @param code Where to write.
 * @param plan The scan.
 * @returns One variable a view.
 */
export function emitScanOrigins(
  { f }: VectorCode,
  { kernel: { operands }, views }: ScanPlan,
): Local[] {
  const parameters = f.parameter(2);
  const origins = emitOrigins(f, views.slice(0, -1), { operands, parameters });
  return [...origins, loadAddress(f, parameters, OUTPUT_SLOT)];
}
