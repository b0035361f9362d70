/**
 * Differences along an axis.
 *
 * @module
 */
import { invalidOption, optionsOf, resolveAxis } from "../../core/base/mod.ts";
import { sub } from "../builtin/binary.ts";
import { sliceAxis } from "../builtin/slice.ts";
import { Tensor, toNode } from "../tensor.ts";

/** Options of {@linkcode diff}. */
export interface DiffOptions {
  /**
   * How often differences are taken, each time of the ones before.
   *
   * @default {1}
   */
  readonly order?: number;
}

/**
 * Takes the difference of each element and the one before it along an axis.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., n - order, ...]`, and no elements where there are fewer.
 * **Source**: NumPy `diff`; PyTorch `torch.diff`.
 *
 * @example Steps, and how they change
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { diff, tensor } from "@spiraltorch/spiraltorch";
 *
 * const x = tensor([1, 2, 4, 8]);
 * assertEquals(await diff(x).array(), [1, 2, 4]);
 * assertEquals(await diff(x, -1, { order: 2 }).array(), [1, 2]);
 * ```
 *
 * @param x The tensor, whose shape is known.
 * @param axis The axis, the last if left out; negative ones count from the last.
 * @param options How often.
 * @returns The differences.
 * @throws {OptionError} `INVALID_OPTION` if the input is no tensor, or the order no whole number from 0
 * to 64.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis.
 */
export function diff(x: Tensor, axis = -1, options?: DiffOptions): Tensor {
  const { order = 1 } = optionsOf<DiffOptions>("diff", options);
  if (!Number.isSafeInteger(order) || order < 0 || order > 64) {
    throw invalidOption("order of diff", order, "a whole number from 0 to 64");
  }
  let node = toNode("diff", x);
  const along = resolveAxis("diff", axis, node.type.shape);
  for (let i = 0; i < order; i++) {
    const end = node.type.shape[along]!;
    node = sub(
      sliceAxis(node, along, { start: Math.min(1, end), end }),
      sliceAxis(node, along, { start: 0, end: Math.max(0, end - 1) }),
    );
  }
  return new Tensor(node);
}
