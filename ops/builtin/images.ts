/**
 * Windows of images as columns, and images of other sizes, made of views, sums and gathers.
 *
 * **Shapes**: images are `[..., c, h, w]`. **Numerics**: windows are exact, their sums and what lies between
 * pixels are `float32`, stored as the input is. **Source**: `torch.nn.functional.unfold`, `fold` and
 * `interpolate`.
 *
 * @module
 */
import {
  invalidShape,
  resolveAxis,
  type Shape,
  shapeMismatch,
  sizeOf,
} from "../../core/base/mod.ts";
import { attributeInvalid } from "../errors.ts";
import type { Attributes, CompositeOperator, Node } from "../graph/node.ts";
import { add, binary, div, mul, sub } from "./binary.ts";
import { cast } from "./cast.ts";
import { compositeOperators, type CompositeRow } from "./composite.ts";
import { iota } from "./iota.ts";
import { pad } from "./pad.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { select } from "./select.ts";
import { inFloat32 } from "./statistics.ts";
import { take } from "./take.ts";
import { unary } from "./unary.ts";
import { windows } from "./windows.ts";

/** Names of the operators. */
export type ImageName = "fold" | "interpolate" | "unfold";

const WINDOWS = {
  kernel: "integers",
  stride: "integers",
  padding: "integers",
  dilation: "integers",
} as const;

const ROWS: Readonly<Record<ImageName, CompositeRow>> = {
  fold: {
    description:
      "Columns added up where their windows lie: unfold turned back.",
    attributes: { size: "integers", ...WINDOWS },
    defaults: { stride: [1, 1], padding: [0, 0], dilation: [1, 1] },
    body: ([x], attributes) =>
      inFloat32(x!, (value) => fold(value, attributes)),
  },
  interpolate: {
    description:
      "The last axes at other sizes, by the nearest or by both neighbours.",
    attributes: { size: "integers", mode: "string", alignCorners: "boolean" },
    defaults: { mode: "nearest", alignCorners: false },
    body: ([x], attributes) => interpolate(x!, attributes),
  },
  unfold: {
    description: "Windows of images as columns, [..., c kh kw, windows].",
    attributes: WINDOWS,
    defaults: { stride: [1, 1], padding: [0, 0], dilation: [1, 1] },
    body: ([x], attributes) => unfold(x!, attributes),
  },
};

/** The operators by name. */
export const IMAGE_OPERATORS: Readonly<Record<ImageName, CompositeOperator>> =
  compositeOperators(ROWS);

/** How windows lie along one axis of images. */
interface Along {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

function windowsOf(name: string, attributes: Attributes): [Along, Along] {
  const lists = Object.entries(WINDOWS).map(([setting]) => {
    const list = attributes[setting] as readonly number[];
    const least = setting === "padding" ? 0 : 1;
    if (list.length === 2 && list.every((value) => value >= least)) return list;
    throw attributeInvalid(
      name,
      setting,
      `found [${list}], wanted two whole numbers from ${least}`,
    );
  });
  return [0, 1].map((axis) => {
    const [kernel, stride, padding, dilation] = lists.map((list) =>
      list[axis]!
    );
    return { kernel, stride, padding, dilation } as Along;
  }) as [Along, Along];
}

/** How many windows there are along an axis of a size. */
function countOf(name: string, size: number, along: Along): number {
  const { kernel, stride, padding, dilation } = along;
  const reach = (kernel - 1) * dilation + 1;
  const room = size + 2 * padding - reach;
  if (room >= 0) return Math.floor(room / stride) + 1;
  throw attributeInvalid(
    name,
    "kernel",
    `found windows over ${reach} elements, wanted at most ${
      size + 2 * padding
    }`,
  );
}

function unfold(x: Node, attributes: Attributes): Node {
  const { shape } = x.type;
  const rank = shape.length;
  resolveAxis("unfold", -3, shape);
  const both = windowsOf("unfold", attributes);
  const counts = both.map((along, i) =>
    countOf("unfold", shape[rank - 2 + i]!, along)
  );
  const around = shape.map((_, axis) => both[axis - rank + 2]?.padding ?? 0);
  const padded = pad(x, { low: around, high: around, value: 0 });
  // [..., rows, columns, kh, kw]
  const seen = both.reduce(
    (y, { kernel, stride, dilation }, i) =>
      windows(y, { axis: rank - 2 + i, size: kernel, stride, dilation }),
    padded,
  );
  const order = [...shape.keys()].slice(0, rank - 2);
  const columns = permute(seen, [...order, rank, rank + 1, rank - 2, rank - 1]);
  const height = shape[rank - 3]! * both[0].kernel * both[1].kernel;
  return reshape(columns, [
    ...shape.slice(0, rank - 3),
    height,
    sizeOf(counts),
  ]);
}

/** Lays each element of the windows at its place among zeros, and adds up. */
function fold(x: Node, attributes: Attributes): Node {
  const { shape } = x.type;
  const size = attributes.size as readonly number[];
  if (size.length !== 2 || size.some((each) => each < 0)) {
    throw invalidShape("fold", size);
  }
  resolveAxis("fold", -2, shape);
  const both = windowsOf("fold", attributes);
  const counts = both.map((along, i) => countOf("fold", size[i]!, along));
  const [height, length] = shape.slice(-2) as [number, number];
  const area = both[0].kernel * both[1].kernel;
  if (length !== sizeOf(counts) || height % area !== 0) {
    throw shapeMismatch("fold", shape, [area, sizeOf(counts)], {
      rule: `there must be ${
        sizeOf(counts)
      } columns, of ${area} elements a channel`,
    });
  }
  const lead = shape.slice(0, -2);
  const parts: Shape = [...lead, height / area, area, ...counts];
  const elements = reshape(x, parts);
  const axis = lead.length + 1;
  const layers = Array.from({ length: area }, (_, k) => {
    const at = [Math.floor(k / both[1].kernel), k % both[1].kernel];
    return layer(select(elements, axis, k), { both, at, size });
  });
  const padded = layers.reduce((sum, one) => add(sum, one));
  const none = new Array<number>(lead.length + 1).fill(0);
  const less = [...none, ...both.map(({ padding }) => -padding)];
  return pad(padded, { low: less, high: less, value: 0 });
}

/** One element of all windows at its places in the padded image. */
function layer(
  x: Node,
  { both, at, size }: {
    readonly both: readonly [Along, Along];
    readonly at: readonly number[];
    readonly size: readonly number[];
  },
): Node {
  const { shape } = x.type;
  const none = shape.slice(0, -2).map(() => 0);
  const counts = shape.slice(-2);
  const low = both.map(({ dilation }, i) => dilation * at[i]!);
  const high = both.map(({ stride, padding }, i) =>
    size[i]! + 2 * padding - low[i]! - (counts[i]! - 1) * stride - 1
  );
  return pad(x, {
    low: [...none, ...low],
    high: [...none, ...high],
    interior: [...none, ...both.map(({ stride }) => stride - 1)],
    value: 0,
  });
}

function interpolate(x: Node, attributes: Attributes): Node {
  const name = "interpolate";
  const { shape } = x.type;
  const size = attributes.size as readonly number[];
  const isLinear = attributes.mode === "linear";
  if (!isLinear && attributes.mode !== "nearest") {
    throw attributeInvalid(
      name,
      "mode",
      `found ${JSON.stringify(attributes.mode)}, wanted "nearest" or "linear"`,
    );
  }
  if (size.some((each) => each < 1)) throw invalidShape(name, size);
  const first = resolveAxis(name, -size.length, shape);
  if (shape.slice(first).includes(0)) throw invalidShape(name, shape);
  const resize = isLinear ? between : nearest;
  const isAligned = attributes.alignCorners === true;
  const compute = (value: Node) =>
    size.reduce(
      (y, wanted, i) => resize(y, { axis: first + i, wanted, isAligned }),
      value,
    );
  return isLinear ? inFloat32(x, compute) : compute(x);
}

/** One axis, and what becomes of it. */
interface Resizing {
  readonly axis: number;
  readonly wanted: number;
  /** Whether the first and the last pixel stay the first and the last. */
  readonly isAligned: boolean;
}

function nearest(x: Node, { axis, wanted }: Resizing): Node {
  const size = x.type.shape[axis]!;
  if (size === wanted) return x;
  // Half a place from every whole number, so that rounding does not matter.
  const place = div(add(mul(cast(iota(wanted), "float32"), size), 0.5), wanted);
  return take(x, cast(unary("floor", place), "int32"), axis);
}

function between(x: Node, { axis, wanted, isAligned }: Resizing): Node {
  const { shape } = x.type;
  const size = shape[axis]!;
  if (size === wanted) return x;
  const count = cast(iota(wanted), "float32");
  const place = isAligned
    ? mul(count, (size - 1) / Math.max(1, wanted - 1))
    : binary("maximum", [
      sub(mul(add(count, 0.5), size / wanted), 0.5),
      0,
    ]);
  const low = binary("minimum", [unary("floor", place), size - 1]);
  const high = binary("minimum", [add(low, 1), size - 1]);
  const weight = reshape(
    sub(place, low),
    shape.map((_, i) => i === axis ? wanted : 1),
  );
  const [before, after] = [low, high].map((each) =>
    take(x, cast(each, "int32"), axis)
  ) as [Node, Node];
  return add(before, mul(weight, sub(after, before)));
}
