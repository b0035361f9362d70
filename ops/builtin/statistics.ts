/**
 * What some axes of a tensor come to, beside the primitive reductions.
 *
 * **Shapes**: `x [..., n, ...] -> y [..., ...]`, or `[..., 1, ...]` with `keepDims`; `axes` is an axis,
 * axes, or `null` for all. **Numerics**: fractions are computed in `float32` and stored as the input is;
 * gradients are finite where a root is taken of 0: they are 0 there. **Source**: the functions of the
 * same names in PyTorch; median and quantile pass a `NaN` on.
 *
 * @module
 */
import { resolveAxis, toFloatDType } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { Attributes, CompositeOperator, Node } from "../graph/node.ts";
import { add, binary, div, mul, sub } from "./binary.ts";
import { cast } from "./cast.ts";
import { compositeOperators, type CompositeRow } from "./composite.ts";
import { isNan } from "./logic.ts";
import { PAIR_OPERATORS } from "./pairs.ts";
import { pad } from "./pad.ts";
import {
  reduce,
  type ReduceAttributes,
  reducedShape,
  resolveAxes,
} from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { select } from "./select.ts";
import { sliceAxis } from "./slice.ts";
import { sort } from "./sort.ts";
import { squeeze } from "./squeeze.ts";
import { unary } from "./unary.ts";
import { variance } from "./variance.ts";
import { where } from "./where.ts";

/** Names of the operators. */
export type StatisticName =
  | "countNonzero"
  | "logCumSumExp"
  | "logSumExp"
  | "median"
  | "nanMean"
  | "nanSum"
  | "norm"
  | "quantile"
  | "std";

const OVER_AXES = { axes: "axes", keepDims: "boolean" } as const;
const ALL_AXES = { axes: null, keepDims: false } as const;
const OVER_AXIS = { axis: "integer", keepDims: "boolean" } as const;
const LAST_AXIS = { axis: -1, keepDims: false } as const;

const ROWS: Readonly<Record<StatisticName, CompositeRow>> = {
  countNonzero: {
    description: "How many elements along some axes are other than 0.",
    attributes: OVER_AXES,
    defaults: ALL_AXES,
    body: ([x], attributes) =>
      reduce("sum", cast(x!, "bool"), along("countNonzero", x!, attributes)),
  },
  logCumSumExp: {
    description: "log of the sum of exp so far along an axis.",
    attributes: { axis: "integer" },
    defaults: { axis: -1 },
    body: ([x], { axis }) =>
      inFloat32(x!, (value) => logCumSumExp(value, axis as number)),
  },
  logSumExp: {
    description: "log of the sum of exp along some axes.",
    attributes: OVER_AXES,
    defaults: ALL_AXES,
    body: ([x], attributes) =>
      inFloat32(x!, (value) => shiftedLogSum(value, attributes)),
  },
  median: {
    description: "The middle element in order along an axis; the lower of two.",
    attributes: OVER_AXIS,
    defaults: LAST_AXIS,
    body([x], { axis, keepDims }) {
      const { ordered, size, place } = inOrder("median", x!, axis as number);
      const middle = sliceAxis(ordered, place, {
        start: (size - 1) >> 1,
        end: ((size - 1) >> 1) + 1,
      });
      const y = nanWhereLast(ordered, middle, place);
      return keepDims === true ? y : squeeze(y, place);
    },
  },
  nanMean: {
    description: "Mean along some axes of the elements that are not NaN.",
    attributes: OVER_AXES,
    defaults: ALL_AXES,
    body: ([x], attributes) =>
      inFloat32(x!, (value) => {
        const over = along("nanMean", x!, attributes);
        const missing = isNan(value);
        const count = reduce("sum", unary("not", missing), over);
        const sum = reduce("sum", where(missing, [0, value]), over);
        // Not 0 / 0, which a graphics processor need not know.
        const isNothing = binary("equal", [count, 0]);
        return where(isNothing, [
          NaN,
          div(sum, where(isNothing, [1, count])),
        ]);
      }),
  },
  nanSum: {
    description: "Sum along some axes of the elements that are not NaN.",
    attributes: OVER_AXES,
    defaults: ALL_AXES,
    body: ([x], attributes) =>
      inFloat32(
        x!,
        (value) =>
          reduce(
            "sum",
            where(isNan(value), [0, value]),
            along("nanSum", x!, attributes),
          ),
      ),
  },
  norm: {
    description: "(Σ |x|^p)^(1/p) along some axes; max |x| for p = Infinity.",
    attributes: { ...OVER_AXES, order: "element" },
    defaults: { ...ALL_AXES, order: 2 },
    body: ([x], attributes) =>
      inFloat32(x!, (value) =>
        norm(value, {
          ...along("norm", x!, attributes),
          order: Number(attributes.order),
        })),
  },
  quantile: {
    description:
      "Between the elements in order along an axis, at a share q of the way.",
    attributes: { ...OVER_AXIS, q: "number" },
    defaults: LAST_AXIS,
    body([x], { axis, keepDims, q }) {
      const share = q as number;
      if (!(share >= 0 && share <= 1)) {
        throw attributeInvalid(
          "quantile",
          "q",
          `found ${share}, wanted a number from 0 to 1`,
        );
      }
      return inFloat32(x!, (value) => {
        const { ordered, size, place } = inOrder(
          "quantile",
          value,
          axis as number,
        );
        const at = share * (size - 1);
        const [low, high] = [Math.floor(at), Math.ceil(at)].map((start) =>
          sliceAxis(ordered, place, { start, end: start + 1 })
        ) as [Node, Node];
        const between = apply(PAIR_OPERATORS.lerp, [low, high, at % 1]);
        const y = nanWhereLast(ordered, between, place);
        return keepDims === true ? y : squeeze(y, place);
      });
    },
  },
  std: {
    description: "Square root of the variance along some axes.",
    attributes: { ...OVER_AXES, correction: "number" },
    defaults: { ...ALL_AXES, correction: 0 },
    body: ([x], attributes) =>
      inFloat32(x!, (value) =>
        safeSqrt(variance(value, {
          ...along("std", x!, attributes),
          correction: attributes.correction as number,
        }))),
  },
};

/** The operators by name. */
export const STATISTIC_OPERATORS: Readonly<
  Record<StatisticName, CompositeOperator>
> = compositeOperators(ROWS);

/**
 * Takes the logarithm of the sum of exp along axes.
 *
 * @param x The input.
 * @param attributes Which axes, and whether they stay with size 1.
 * @returns The logarithms.
 */
export function logSumExp(
  x: Node,
  { axes, keepDims }: ReduceAttributes,
): Node {
  return apply(STATISTIC_OPERATORS.logSumExp, [x], { axes, keepDims });
}

/**
 * Computes in `float32`, and stores the result as the input is, or as `float32` where that holds no
 * fractions.
 *
 * @param x The input.
 * @param compute What is computed.
 * @returns The result.
 */
export function inFloat32(x: Node, compute: (value: Node) => Node): Node {
  return cast(compute(cast(x, "float32")), toFloatDType(x.type.dtype));
}

/** Axes that a call combines, resolved in its own name. */
function along(
  name: string,
  { type: { shape } }: Node,
  attributes: Attributes,
): ReduceAttributes {
  return {
    axes: resolveAxes(name, shape, attributes),
    keepDims: attributes.keepDims === true,
  };
}

/**
 * The square root of what is not negative, with the slope 0 at 0.
 *
 * @param x The input.
 * @returns The root.
 */
export function safeSqrt(x: Node): Node {
  const isZero = binary("equal", [x, 0]);
  return where(isZero, [0, unary("sqrt", where(isZero, [1, x]))]);
}

/** Settings of {@linkcode norm}. */
export interface NormSettings extends ReduceAttributes {
  /** The power that sizes are raised to. */
  readonly order: number;
}

/**
 * The size of vectors: (Σ |x|^p)^(1/p).
 *
 * @param x The vectors, `float32`.
 * @param settings Along which axes, and p.
 * @returns Their sizes.
 */
export function norm(x: Node, { axes, keepDims, order }: NormSettings): Node {
  const over = { axes, keepDims };
  switch (order) {
    case 0:
      return cast(reduce("sum", cast(x, "bool"), over), "float32");
    case 1:
      return reduce("sum", unary("abs", x), over);
    case 2:
      return safeSqrt(reduce("sum", mul(x, x), over));
    case Infinity:
      return reduce("max", unary("abs", x), over);
    case -Infinity:
      return reduce("min", unary("abs", x), over);
    default: {
      const isZero = binary("equal", [x, 0]);
      // A zero has a power, but its slope may have none.
      const size = where(isZero, [1, unary("abs", x)]);
      const nothing = order > 0 ? 0 : Infinity;
      const powers = where(isZero, [nothing, binary("pow", [size, order])]);
      const sum = reduce("sum", powers, over);
      const isNothing = binary("equal", [sum, nothing]);
      const root = binary("pow", [where(isNothing, [1, sum]), 1 / order]);
      return where(isNothing, [order > 0 ? sum : 0, root]);
    }
  }
}

function shiftedLogSum(x: Node, attributes: Attributes): Node {
  const over = along("logSumExp", x, attributes);
  const largest = reduce("max", x, { ...over, keepDims: true });
  // Infinities have no difference to themselves.
  const isFinite = binary("less", [unary("abs", largest), Infinity]);
  const shift = where(isFinite, [largest, 0]);
  const sum = reduce("sum", unary("exp", sub(x, shift)), over);
  const shape = reducedShape("logSumExp", x.type.shape, attributes);
  return add(unary("log", sum), reshape(shift, shape));
}

/** Doubles how far back each place looks, until it sees the whole line: no power leaves its range. */
function logCumSumExp(x: Node, axis: number): Node {
  const { shape } = x.type;
  const place = resolveAxis("logCumSumExp", axis, shape);
  const size = shape[place]!;
  let sum = x;
  for (let step = 1; step < size; step *= 2) {
    const kept = sliceAxis(sum, place, { start: 0, end: size - step });
    const none = shape.map(() => 0);
    const earlier = pad(kept, {
      low: none.with(place, step),
      high: none,
      value: -Infinity,
    });
    sum = apply(PAIR_OPERATORS.logAddExp, [sum, earlier]);
  }
  return sum;
}

/** Elements in order along an axis that has some. */
function inOrder(
  name: string,
  x: Node,
  axis: number,
): { readonly ordered: Node; readonly size: number; readonly place: number } {
  const { shape } = x.type;
  const place = resolveAxis(name, axis, shape);
  const size = shape[place]!;
  if (size === 0) {
    throw attributeInvalid(
      name,
      "axis",
      `found ${axis}, where shape [${shape}] has no elements, wanted an axis with some`,
    );
  }
  return { ordered: sort(x, { axis: place, descending: false }), size, place };
}

/** `NaN` where the last in order is: it counts as the largest. */
function nanWhereLast(ordered: Node, y: Node, axis: number): Node {
  const last = select(ordered, axis, -1);
  const shape = y.type.shape;
  const isNothing = reshape(isNan(last), shape);
  return where(isNothing, [reshape(last, shape), y]);
}
