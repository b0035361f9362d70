/**
 * Elements put where an index points along an axis, made of sorting and gathering.
 *
 * **Shapes**: `x [..., n, ...], index [..., m, ...], source [..., m, ...] -> y [..., n, ...]`; the other
 * sizes are equal. **Numerics**: exact; the dtype of `x` is kept. Indices count from the end where they are
 * negative; what points outside is dropped. Of several that meet in one place the last wins, so the
 * result is the same every time; extremes pass a `NaN` on. **Cost**: the indices are sorted.
 * **Source**: PyTorch `scatter` and `scatter_reduce`.
 *
 * @module
 */
import {
  dtypeMismatch,
  equalShapes,
  resolveAxis,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { type CompositeOperator, constant, type Node } from "../graph/node.ts";
import { add, binary, sub } from "./binary.ts";
import { cast } from "./cast.ts";
import { compositeOperators, type CompositeRow } from "./composite.ts";
import { assertIndexed, gather } from "./gather.ts";
import { NUMBER_DTYPES } from "./number_dtypes.ts";
import { scan } from "./scan.ts";
import { scatterAdd } from "./scatter_add.ts";
import { argsort } from "./sort.ts";
import { unary } from "./unary.ts";
import { where } from "./where.ts";

/** Names of the operators. */
export type ScatterName = "scatter" | "scatterMax" | "scatterMin";

const SCATTER = {
  inputs: ["x", "index", "source"],
  attributes: { axis: "integer" },
  defaults: { axis: -1 },
} as const;

const ROWS: Readonly<Record<ScatterName, CompositeRow>> = {
  scatter: {
    ...SCATTER,
    description: "x, with other elements where an index points along an axis.",
    body: (inputs, { axis }) =>
      scattered("scatter", inputs, {
        axis: axis as number,
        combine: (_, found) => found,
      }),
  },
  scatterMax: {
    ...SCATTER,
    description: "x, or what an index points there along an axis, if larger.",
    body: (inputs, { axis }) =>
      scattered("scatterMax", inputs, {
        axis: axis as number,
        order: numbersOf("scatterMax", inputs[2]!),
        combine: (x, found) => binary("maximum", [x, found]),
      }),
  },
  scatterMin: {
    ...SCATTER,
    description: "x, or what an index points there along an axis, if smaller.",
    body: (inputs, { axis }) =>
      scattered("scatterMin", inputs, {
        axis: axis as number,
        // The opposite, so that a NaN still comes last and wins.
        order: unary("neg", numbersOf("scatterMin", inputs[2]!)),
        combine: (x, found) => binary("minimum", [x, found]),
      }),
  },
};

/** The operators by name. */
export const SCATTER_OPERATORS: Readonly<
  Record<ScatterName, CompositeOperator>
> = compositeOperators(ROWS);

/**
 * Requires whole numbers that can be indices.
 *
 * @param name Name of the operator, for messages.
 * @param x The indices.
 * @returns The same node.
 * @throws {DTypeError} `DTYPE_MISMATCH` if they are not `int32`.
 */
export function indexOf(name: string, x: Node): Node {
  if (x.type.dtype === "int32") return x;
  throw dtypeMismatch(name, x.type.dtype, ["int32"]);
}

function numbersOf(name: string, x: Node): Node {
  if (x.type.dtype !== "bool") return x;
  throw dtypeMismatch(name, "bool", NUMBER_DTYPES);
}

/** How elements that are scattered are put together. */
interface ScatterRule {
  /** The axis along which they move. */
  readonly axis: number;
  /** What decides who of several wins: the largest. Left out: the last. */
  readonly order?: Node;
  /** Puts the winner together with what stood there. */
  combine(x: Node, found: Node): Node;
}

/** Sorts elements by where they go; the last of each place, where there is one, goes there. */
function scattered(
  name: string,
  [x, index, source]: readonly Node[],
  { axis, order, combine }: ScatterRule,
): Node {
  const { shape, dtype } = x!.type;
  const at = indexOf(name, index!).type.shape;
  assertIndexed(name, [shape, at], axis);
  if (!equalShapes(at, source!.type.shape)) {
    throw shapeMismatch(name, at, source!.type.shape, {
      rule: "index and source must have one shape",
    });
  }
  const place = resolveAxis(name, axis, shape);
  const size = shape[place]!;
  const target = where(binary("less", [index!, 0]), [
    add(index!, size),
    index!,
  ]);
  const isInside = binary("and", [
    binary("lessOrEqual", [0, target]),
    binary("less", [target, size]),
  ]);
  const bucket = where(isInside, [target, size]);
  const counts = scatterAdd(constant(1, bucket.type), bucket, {
    axis: place,
    size,
  });
  const ends = sub(
    scan("cumsum", counts, { axis: place, exclusive: false, reverse: false }),
    1,
  );
  const winners = gather(
    ordered(bucket, place, order),
    binary("maximum", [ends, 0]),
    place,
  );
  const found = gather(cast(source!, dtype), winners, place);
  return where(binary("less", [0, counts]), [combine(x!, found), x!]);
}

/** Places in the order of buckets, and within each in the order of something else, if there is one. */
function ordered(bucket: Node, axis: number, order: Node | undefined): Node {
  const along = { axis, descending: false };
  if (!order) return argsort(bucket, along);
  const first = argsort(order, along);
  return gather(first, argsort(gather(bucket, first, axis), along), axis);
}
