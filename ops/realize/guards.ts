/**
 * What guards check, and when: a plan computes one number for each guard on the way, all of them in one
 * array beside what was wanted, and whoever runs the plan looks at it before giving anything out.
 *
 * @module
 */
import { isFloatDType, sizeOf } from "../../core/base/mod.ts";
import type { DeviceBuffer, HostElements } from "../../kernels/mod.ts";
import { concat } from "../builtin/concat.ts";
import { reduce } from "../builtin/reduce.ts";
import { reshape } from "../builtin/reshape.ts";
import { unary } from "../builtin/unary.ts";
import { cast } from "../builtin/cast.ts";
import { nonFiniteValue } from "../errors.ts";
import type { Node } from "../graph/node.ts";

/** One guard on the way to what is wanted. */
export interface Guard {
  /** What is guarded is called. */
  readonly label: string;
  /** What must be finite. */
  readonly guarded: Node;
}

/**
 * Tells whether a guard has anything to check.
 *
 * @param node What is guarded.
 * @returns Whether an element could be infinite or `NaN`.
 */
export function canBeInfinite({ type: { dtype, shape } }: Node): boolean {
  return isFloatDType(dtype) && sizeOf(shape) > 0;
}

/**
 * Describes what tells whether guards hold: for each its largest magnitude, which passes a `NaN` on.
 *
 * @param guards The guards, at least one.
 * @returns One array, `[guards]`.
 */
export function magnitudesOf(guards: readonly Guard[]): Node {
  const parts = guards.map(({ guarded }) =>
    reshape(
      reduce("max", cast(unary("abs", guarded), "float32"), {
        axes: null,
        keepDims: false,
      }),
      [1],
    )
  );
  return parts.length === 1 ? parts[0]! : concat(parts, 0);
}

/**
 * Looks at what guards have found.
 *
 * @param labels What is guarded is called, in order.
 * @param buffer The array of {@linkcode magnitudesOf}, computed.
 * @throws {TensorError} `NON_FINITE_VALUE` with the first guard that does not hold.
 */
export async function assertGuards(
  labels: readonly string[],
  buffer: DeviceBuffer,
): Promise<void> {
  const magnitudes: HostElements = await buffer.backend.read(buffer);
  const broken = magnitudes.findIndex((magnitude) =>
    !Number.isFinite(magnitude)
  );
  if (broken >= 0) throw nonFiniteValue(labels[broken]!, magnitudes[broken]!);
}
