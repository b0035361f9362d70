/**
 * Differences along an axis, areas under what its elements are heights of, and what lies between them.
 *
 * @module
 */
import {
  invalidOption,
  optionsOf,
  resolveAxis,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { sub } from "../builtin/binary.ts";
import { sliceAxis } from "../builtin/slice.ts";
import { Tensor, toNode } from "../tensor.ts";
import { searchsorted } from "./indexing.ts";

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

/** Options of {@linkcode trapezoid} and {@linkcode cumulativeTrapezoid}. */
export interface TrapezoidOptions {
  /** Where the heights stand: one place for each along the axis, or as many axes as they have. */
  readonly x?: Tensor;
  /**
   * From one place to the next, where `x` is left out.
   *
   * @default {1}
   */
  readonly dx?: number;
}

/**
 * The area under straight lines between heights along an axis.
 *
 * **Source**: NumPy `trapezoid`; PyTorch `torch.trapezoid`.
 *
 * @example A triangle and a square
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tensor, trapezoid } from "@spiraltorch/spiraltorch";
 *
 * assertEquals(await trapezoid(tensor([0, 2, 2])).item(), 3);
 * ```
 *
 * @param y The heights.
 * @param axis The axis, the last if left out.
 * @param options Where they stand.
 * @returns The areas, without the axis.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis, `SHAPE_MISMATCH` if `x` does not fit.
 * @throws {OptionError} `INVALID_OPTION` if the step is no finite number.
 */
export function trapezoid(
  y: Tensor,
  axis = -1,
  options?: TrapezoidOptions,
): Tensor {
  return areas("trapezoid", y, { axis, options }).sum(axis);
}

/**
 * The area under straight lines between heights along an axis, up to each of them but the first.
 *
 * **Source**: PyTorch `torch.cumulative_trapezoid`; SciPy `cumulative_trapezoid`.
 *
 * @param y The heights.
 * @param axis The axis, the last if left out.
 * @param options Where they stand.
 * @returns The areas, one fewer than heights.
 * @throws {ShapeError} `AXIS_RANGE` if there is no such axis, `SHAPE_MISMATCH` if `x` does not fit.
 * @throws {OptionError} `INVALID_OPTION` if the step is no finite number.
 */
export function cumulativeTrapezoid(
  y: Tensor,
  axis = -1,
  options?: TrapezoidOptions,
): Tensor {
  return areas("cumulativeTrapezoid", y, { axis, options }).cumsum(axis);
}

/** The area between each two neighbors. */
function areas(
  name: string,
  y: Tensor,
  { axis, options }: {
    readonly axis: number;
    readonly options: TrapezoidOptions | undefined;
  },
): Tensor {
  const { x, dx = 1 } = optionsOf<TrapezoidOptions>(name, options);
  if (!Number.isFinite(dx)) {
    throw invalidOption(`dx of ${name}`, dx, "a finite number");
  }
  const heights = new Tensor(toNode(name, y));
  const along = resolveAxis(name, axis, heights.shape);
  const end = heights.shape[along]!;
  const [left, right] = [[0, Math.max(0, end - 1)], [Math.min(1, end), end]]
    .map(([start, end]) =>
      new Tensor(sliceAxis(heights.node, along, { start: start!, end: end! }))
    ) as [Tensor, Tensor];
  const means = left.add(right).div(2);
  if (x === undefined) return means.mul(dx);
  const places = new Tensor(toNode(name, x));
  const isLine = places.rank === 1;
  if (places.shape[isLine ? 0 : along] !== end) {
    const rule = "there must be a place for each height";
    throw shapeMismatch(name, heights.shape, places.shape, { rule });
  }
  const after = new Array<number>(heights.rank - along - 1).fill(1);
  return means.mul(
    isLine ? diff(places).reshape([-1, ...after]) : diff(places, along),
  );
}

/**
 * Reads a function that is straight between points, at any places; left and right of all points it is what
 * it is at the outermost.
 *
 * **Source**: NumPy `interp`; `jax.numpy.interp`.
 *
 * @example Halfway between two points
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { interp, tensor } from "@spiraltorch/spiraltorch";
 *
 * const y = interp(tensor([0.5, 9]), tensor([0, 1]), tensor([10, 20]));
 * assertEquals(await y.array(), [15, 20]);
 * ```
 *
 * @param x The places, of any shape.
 * @param xp Where the points stand, in ascending order: `[n]`.
 * @param fp How high they are: `[n]`.
 * @returns What the function is at the places.
 * @throws {ShapeError} `SHAPE_MISMATCH` if the points are not two lines of one length, from 2.
 */
export function interp(x: Tensor, xp: Tensor, fp: Tensor): Tensor {
  const [places, at, height] = [x, xp, fp].map((each) =>
    new Tensor(toNode("interp", each))
  ) as [Tensor, Tensor, Tensor];
  const [count = 0] = at.shape;
  if (
    at.rank !== 1 || height.rank !== 1 || height.size !== count || count < 2
  ) {
    const rule = "points must be two lines of one length, from 2";
    throw shapeMismatch("interp", at.shape, height.shape, { rule });
  }
  const line = places.clamp(at.select(0), at.select(-1)).reshape([-1]);
  const right = searchsorted(at, line).clamp(1, count - 1);
  const left = right.sub(1);
  const [x0, x1] = [at.take(left), at.take(right)];
  const [y0, y1] = [height.take(left), height.take(right)];
  const share = line.sub(x0).div(x1.sub(x0));
  return y0.add(y1.sub(y0).mul(share)).reshape(places.shape);
}
