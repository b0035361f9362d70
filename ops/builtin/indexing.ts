/**
 * Elements by their places and by their order, made of sorting, gathering and adding up.
 *
 * Sizes are known before anything is computed: what selects takes so many, in their order, and puts a
 * value where there are fewer. **Numerics**: exact. **Cost**: `searchsorted` takes as many steps as the
 * size has binary digits. **Source**: the functions of the same names in PyTorch and NumPy; known sizes
 * as in JAX.
 *
 * @module
 */
import {
  dtypeMismatch,
  equalShapes,
  invalidShape,
  isFloatDType,
  resolveAxis,
  shapeMismatch,
  sizeOf,
} from "../../core/base/mod.ts";
import { attributeInvalid } from "../errors.ts";
import { type CompositeOperator, constant, type Node } from "../graph/node.ts";
import { add, binary, div, mul, sub } from "./binary.ts";
import { cast } from "./cast.ts";
import { compositeOperators, type CompositeRow } from "./composite.ts";
import { concat, stack } from "./concat.ts";
import { expand } from "./expand.ts";
import { gather } from "./gather.ts";
import { iota } from "./iota.ts";
import { reshape } from "./reshape.ts";
import { scan } from "./scan.ts";
import { indexOf } from "./scatter.ts";
import { scatterAdd } from "./scatter_add.ts";
import { sliceAxis } from "./slice.ts";
import { sort } from "./sort.ts";
import { unary } from "./unary.ts";
import { where } from "./where.ts";

/** Names of the operators. */
export type IndexingName =
  | "bincount"
  | "histogram"
  | "maskedFill"
  | "maskedSelect"
  | "nonzero"
  | "searchsorted"
  | "segmentSum"
  | "unique";

const ROWS: Readonly<Record<IndexingName, CompositeRow>> = {
  bincount: {
    description: "How often each whole number from 0 occurs.",
    attributes: { size: "integer" },
    body([x], { size }) {
      const index = reshape(indexOf("bincount", x!), [-1]);
      const ones = constant(1, index.type);
      return scatterAdd(ones, fromStart(index, size as number), {
        axis: 0,
        size: knownSize("bincount", size as number),
      });
    },
  },
  histogram: {
    description: "How many elements lie in each of some ranges of equal width.",
    attributes: { bins: "integer", min: "number", max: "number" },
    body: ([x], { bins, min, max }) =>
      histogram(x!, bins as number, [min as number, max as number]),
  },
  maskedFill: {
    description: "x, with one value where a mask is true.",
    inputs: ["x", "mask"],
    attributes: { value: "element" },
    body: ([x, mask], { value }) =>
      where(truthOf("maskedFill", mask!), [
        valueOf("maskedFill", x!, value),
        x!,
      ]),
  },
  maskedSelect: {
    description: "The elements where a mask is true, one after another.",
    inputs: ["x", "mask"],
    attributes: { size: "integer", value: "element" },
    defaults: { value: 0 },
    body([x, mask], { size, value }) {
      const name = "maskedSelect";
      const count = knownSize(name, size as number);
      const all = where(truthOf(name, mask!), [x!, x!]).type.shape;
      const places = placesOfTrue(expand(mask!, all), count);
      const found = gather(
        reshape(expand(x!, all), [-1]),
        binary("maximum", [places, 0]),
        0,
      );
      return where(binary("less", [places, 0]), [
        valueOf(name, x!, value),
        found,
      ]);
    },
  },
  nonzero: {
    description: "Where elements are other than 0, a row each; -1 behind them.",
    attributes: { size: "integer" },
    body([x], { size }) {
      const { shape } = x!.type;
      const count = knownSize("nonzero", size as number);
      const none = constant(0, { dtype: "int32", shape: [count, 0] });
      if (shape.length === 0) return none;
      const places = placesOfTrue(cast(x!, "bool"), count);
      const columns = shape.map((length, axis) => {
        const along = shape.map((_, i) => i === axis ? length : 1);
        const all = expand(reshape(iota(length), along), shape);
        const found = gather(
          reshape(all, [-1]),
          binary("maximum", [places, 0]),
          0,
        );
        return where(binary("less", [places, 0]), [-1, found]);
      });
      return stack(columns, 1);
    },
  },
  searchsorted: {
    description:
      "How many elements of a sorted line are less than each value, or not greater.",
    inputs: ["sorted", "values"],
    attributes: { right: "boolean" },
    defaults: { right: false },
    body: ([sorted, values], { right }) =>
      searchsorted(sorted!, values!, right === true),
  },
  segmentSum: {
    description: "Rows with the same number added up.",
    inputs: ["x", "segments"],
    attributes: { count: "integer" },
    body([x, segments], { count }) {
      const name = "segmentSum";
      const { shape } = x!.type;
      const rows = shape[resolveAxis(name, 0, shape)]!;
      const index = indexOf(name, segments!);
      if (!equalShapes(index.type.shape, [rows])) {
        throw shapeMismatch(name, shape, index.type.shape, {
          rule: "there must be one number for each row",
        });
      }
      const size = knownSize(name, count as number);
      const column = reshape(
        fromStart(index, size),
        shape.map((length, axis) => axis === 0 ? length : 1),
      );
      return scatterAdd(x!, expand(column, shape), { axis: 0, size });
    },
  },
  unique: {
    description: "The different elements in order, one value behind them.",
    attributes: { size: "integer", value: "element" },
    defaults: { value: 0 },
    body([x], { size, value }) {
      const name = "unique";
      const count = knownSize(name, size as number);
      const line = reshape(x!, [-1]);
      const ordered = sort(line, { axis: 0, descending: false });
      const length = sizeOf(line.type.shape);
      const isNew = concat([
        constant(1, { dtype: "bool", shape: [Math.min(1, length)] }),
        unary(
          "not",
          binary("equal", [
            sliceAxis(ordered, 0, { start: 1, end: length }),
            sliceAxis(ordered, 0, { start: 0, end: Math.max(0, length - 1) }),
          ]),
        ),
      ], 0);
      const places = placesOfTrue(isNew, count);
      const found = gather(ordered, binary("maximum", [places, 0]), 0);
      return where(binary("less", [places, 0]), [
        valueOf(name, x!, value),
        found,
      ]);
    },
  },
};

/** The operators by name. */
export const INDEXING_OPERATORS: Readonly<
  Record<IndexingName, CompositeOperator>
> = compositeOperators(ROWS);

function truthOf(name: string, x: Node): Node {
  if (x.type.dtype === "bool") return x;
  throw dtypeMismatch(name, x.type.dtype, ["bool"]);
}

function knownSize(name: string, size: number): number {
  if (size >= 0) return size;
  throw invalidShape(name, [size]);
}

/** A value in the dtype of a tensor, which must be able to hold it. */
function valueOf(
  name: string,
  { type: { dtype } }: Node,
  value: unknown,
): Node {
  const number = Number(value);
  const isHeld = isFloatDType(dtype) || Number.isInteger(number) &&
      (dtype !== "bool" || number === 0 || number === 1);
  if (isHeld) return constant(number, { dtype, shape: [] });
  throw attributeInvalid(
    name,
    "value",
    `found ${number}, wanted a value that "${dtype}" holds`,
  );
}

/** Indices that count from 0 only: those below point nowhere. */
function fromStart(index: Node, size: number): Node {
  return where(binary("less", [index, 0]), [size, index]);
}

/** Where truth stands in the order of elements; -1 behind the last. */
function placesOfTrue(mask: Node, size: number): Node {
  const line = reshape(mask, [-1]);
  const rank = scan("cumsum", line, {
    axis: 0,
    exclusive: true,
    reverse: false,
  });
  const index = where(line, [rank, size]);
  const numbers = add(iota(sizeOf(line.type.shape)), 1);
  return sub(scatterAdd(numbers, index, { axis: 0, size }), 1);
}

function histogram(
  x: Node,
  bins: number,
  [min, max]: readonly [number, number],
): Node {
  if (bins < 1) {
    throw attributeInvalid(
      "histogram",
      "bins",
      `found ${bins}, wanted 1 or more`,
    );
  }
  if (!(min < max)) {
    throw attributeInvalid(
      "histogram",
      "max",
      `found ${max}, wanted more than min (${min})`,
    );
  }
  const value = cast(reshape(x, [-1]), "float32");
  const share = div(sub(value, min), max - min);
  const bin = cast(unary("floor", mul(share, bins)), "int32");
  const isInside = binary("and", [
    binary("lessOrEqual", [min, value]),
    binary("lessOrEqual", [value, max]),
  ]);
  // The last range has its end, too.
  const index = where(isInside, [binary("minimum", [bin, bins - 1]), bins]);
  return scatterAdd(constant(1, index.type), index, { axis: 0, size: bins });
}

/** Halves the range in which each value's place may be until one is left. */
function searchsorted(sorted: Node, values: Node, right: boolean): Node {
  const name = "searchsorted";
  const { shape } = values.type;
  const size = sorted.type.shape[resolveAxis(name, -1, sorted.type.shape)]!;
  const lead = shape.slice(0, -1);
  const isLine = sorted.type.shape.length === 1;
  if (!isLine && !equalShapes(sorted.type.shape.slice(0, -1), lead)) {
    throw shapeMismatch(name, sorted.type.shape, shape, {
      rule: "all axes but the last must be equal, or the first shape have one",
    });
  }
  const wanted = isLine ? reshape(values, [-1]) : values;
  let found: Node = constant(0, { dtype: "int32", shape: wanted.type.shape });
  for (let step = highestPower(size); step >= 1; step /= 2) {
    const next = add(found, step);
    const element = gather(sorted, sub(binary("minimum", [next, size]), 1), -1);
    const isBefore = right
      ? binary("lessOrEqual", [element, wanted])
      : binary("less", [element, wanted]);
    const isThere = binary("lessOrEqual", [next, size]);
    found = where(binary("and", [isThere, isBefore]), [next, found]);
  }
  return reshape(found, shape);
}

/** The largest power of two that is not above a number; 0 for 0. */
function highestPower(size: number): number {
  return size === 0 ? 0 : 2 ** Math.floor(Math.log2(size));
}
