/**
 * Other arrangements of the same elements, and of zeros between them, made of views.
 *
 * **Numerics**: exact; every dtype is kept. **Cost**: none for most, where the consumer can read with
 * strides. **Source**: the functions of the same names in PyTorch; `pixelShuffle` is that of Shi et al.,
 * "Real-time single image and video super-resolution" (2016).
 *
 * @module
 */
import {
  broadcastShapes,
  dtypeMismatch,
  invalidShape,
  resolveAxis,
  shapeMismatch,
  sizeOf,
} from "../../core/base/mod.ts";
import { attributeInvalid } from "../errors.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { compositeOperators, type CompositeRow } from "./composite.ts";
import { concat } from "./concat.ts";
import { twoAxes } from "./diagonals.ts";
import { expand } from "./expand.ts";
import { flip } from "./flip.ts";
import { gather } from "./gather.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { sliceAxis } from "./slice.ts";

/** Names of the operators. */
export type RearrangeName =
  | "flatten"
  | "movedim"
  | "pixelShuffle"
  | "pixelUnshuffle"
  | "repeatInterleave"
  | "roll"
  | "rot90"
  | "swapaxes"
  | "takeAlongAxis"
  | "tile"
  | "unflatten";

const TWO_AXES = { axis1: "integer", axis2: "integer" } as const;

const ROWS: Readonly<Record<RearrangeName, CompositeRow>> = {
  flatten: {
    description: "The axes from one to another as one.",
    attributes: { start: "integer", end: "integer" },
    defaults: { start: 0, end: -1 },
    body([x], { start, end }) {
      const { shape } = x!.type;
      if (shape.length === 0) return reshape(x!, [1]);
      const from = resolveAxis("flatten", start as number, shape);
      const to = resolveAxis("flatten", end as number, shape);
      if (from > to) {
        throw attributeInvalid(
          "flatten",
          "end",
          `found axis ${to}, wanted one that is not before axis ${from}`,
        );
      }
      const size = sizeOf(shape.slice(from, to + 1));
      return reshape(x!, shape.toSpliced(from, to - from + 1, size));
    },
  },
  movedim: {
    description: "Axes at other places, the others in their order.",
    attributes: { source: "integers", destination: "integers" },
    body: ([x], { source, destination }) =>
      movedim(x!, source as number[], destination as number[]),
  },
  pixelShuffle: {
    description: "Channels as finer images: [c r², h, w] as [c, h r, w r].",
    attributes: { factor: "integer" },
    body([x], { factor }) {
      const [r, rank] = [factor as number, x!.type.shape.length];
      const [channels, height, width] = imageOf("pixelShuffle", x!, r);
      if (channels % (r * r) !== 0) {
        throw attributeInvalid(
          "pixelShuffle",
          "factor",
          `found ${r} for ${channels} channels, wanted channels divisible by its square`,
        );
      }
      const lead = x!.type.shape.slice(0, -3);
      const parts = [...lead, channels / (r * r), r, r, height, width];
      const [c, i, j, h, w] = [0, 1, 2, 3, 4].map((k) => rank - 3 + k);
      const order = [...lead.keys(), c!, h!, i!, w!, j!];
      return reshape(permute(reshape(x!, parts), order), [
        ...lead,
        channels / (r * r),
        height * r,
        width * r,
      ]);
    },
  },
  pixelUnshuffle: {
    description: "Images as channels of coarser ones: pixelShuffle undone.",
    attributes: { factor: "integer" },
    body([x], { factor }) {
      const [r, rank] = [factor as number, x!.type.shape.length];
      const [channels, height, width] = imageOf("pixelUnshuffle", x!, r);
      if (height % r !== 0 || width % r !== 0) {
        throw attributeInvalid(
          "pixelUnshuffle",
          "factor",
          `found ${r} for an image of ${height} × ${width}, wanted one that divides both`,
        );
      }
      const lead = x!.type.shape.slice(0, -3);
      const parts = [...lead, channels, height / r, r, width / r, r];
      const [c, h, i, w, j] = [0, 1, 2, 3, 4].map((k) => rank - 3 + k);
      const order = [...lead.keys(), c!, i!, j!, h!, w!];
      return reshape(permute(reshape(x!, parts), order), [
        ...lead,
        channels * r * r,
        height / r,
        width / r,
      ]);
    },
  },
  repeatInterleave: {
    description: "Each element along an axis several times, one after another.",
    attributes: { repeats: "integer", axis: "integer" },
    defaults: { axis: -1 },
    body([x], { repeats, axis }) {
      const { shape } = x!.type;
      const place = resolveAxis("repeatInterleave", axis as number, shape);
      const count = repeats as number;
      if (count < 0) throw invalidShape("repeatInterleave", [count]);
      const wide = shape.toSpliced(place + 1, 0, count);
      const each = reshape(x!, shape.toSpliced(place + 1, 0, 1));
      return reshape(
        expand(each, wide),
        shape.with(place, shape[place]! * count),
      );
    },
  },
  roll: {
    description: "Elements further on along axes; the last come first.",
    attributes: { shifts: "integers", axes: "axes" },
    body([x], { shifts, axes }) {
      const { shape } = x!.type;
      const by = shifts as readonly number[];
      const wanted = typeof axes === "number"
        ? [axes]
        : axes as number[] | null;
      if (by.length !== (wanted?.length ?? 1)) {
        throw attributeInvalid(
          "roll",
          "shifts",
          `found ${by.length}, wanted one for each axis (${
            wanted?.length ?? 1
          })`,
        );
      }
      if (wanted === null) {
        return reshape(rolled(reshape(x!, [-1]), 0, by[0]!), shape);
      }
      return wanted.reduce(
        (y, axis, i) => rolled(y, resolveAxis("roll", axis, shape), by[i]!),
        x!,
      );
    },
  },
  rot90: {
    description: "Quarter turns from the first of two axes to the second.",
    attributes: { times: "integer", ...TWO_AXES },
    defaults: { times: 1, axis1: 0, axis2: 1 },
    body([x], { times, axis1, axis2 }) {
      const [a, b] = twoAxes("rot90", x!.type.shape, [
        axis1 as number,
        axis2 as number,
      ]);
      switch (((times as number) % 4 + 4) % 4) {
        case 0:
          return x!;
        case 1:
          return flip(swapped(x!, a, b), a);
        case 2:
          return flip(x!, [a, b]);
        default:
          return flip(swapped(x!, a, b), b);
      }
    },
  },
  swapaxes: {
    description: "Two axes in each other's place.",
    attributes: TWO_AXES,
    body([x], { axis1, axis2 }) {
      const { shape } = x!.type;
      const a = resolveAxis("swapaxes", axis1 as number, shape);
      const b = resolveAxis("swapaxes", axis2 as number, shape);
      return swapped(x!, a, b);
    },
  },
  takeAlongAxis: {
    description:
      "The element that an index points at along one axis; others broadcast.",
    inputs: ["x", "index"],
    attributes: { axis: "integer" },
    defaults: { axis: -1 },
    body([x, index], { axis }) {
      const name = "takeAlongAxis";
      if (index!.type.dtype !== "int32") {
        throw dtypeMismatch(name, index!.type.dtype, ["int32"]);
      }
      const [from, at] = [x!.type.shape, index!.type.shape];
      const place = resolveAxis(name, axis as number, from);
      if (from.length !== at.length) {
        throw shapeMismatch(name, from, at, { rule: "ranks must be equal" });
      }
      const others = broadcastShapes(
        name,
        from.with(place, 1),
        at.with(place, 1),
      );
      return gather(
        expand(x!, others.with(place, from[place]!)),
        expand(index!, others.with(place, at[place]!)),
        place,
      );
    },
  },
  tile: {
    description: "The whole tensor several times along axes.",
    attributes: { repeats: "integers" },
    body([x], { repeats }) {
      const counts = repeats as readonly number[];
      if (counts.some((count) => count < 0)) throw invalidShape("tile", counts);
      const rank = Math.max(counts.length, x!.type.shape.length);
      const ones = (list: readonly number[]) => [
        ...new Array<number>(rank - list.length).fill(1),
        ...list,
      ];
      const [sizes, times] = [ones(x!.type.shape), ones(counts)];
      const each = reshape(x!, sizes.flatMap((size) => [1, size]));
      const wide = expand(each, sizes.flatMap((size, i) => [times[i]!, size]));
      return reshape(wide, sizes.map((size, i) => size * times[i]!));
    },
  },
  unflatten: {
    description: "One axis as several.",
    attributes: { axis: "integer", sizes: "integers" },
    body([x], { axis, sizes }) {
      const { shape } = x!.type;
      const place = resolveAxis("unflatten", axis as number, shape);
      const known = sizeOf((sizes as number[]).filter((size) => size !== -1));
      const list = (sizes as number[]).map((size) =>
        size === -1 ? shape[place]! / known : size
      );
      if (sizeOf(list) !== shape[place] || !list.every(Number.isInteger)) {
        throw attributeInvalid(
          "unflatten",
          "sizes",
          `found [${sizes}], wanted sizes whose product is ${shape[place]}`,
        );
      }
      return reshape(x!, shape.toSpliced(place, 1, ...list));
    },
  },
};

/** The operators by name. */
export const REARRANGE_OPERATORS: Readonly<
  Record<RearrangeName, CompositeOperator>
> = compositeOperators(ROWS);

function movedim(
  x: Node,
  source: readonly number[],
  destination: readonly number[],
): Node {
  const { shape } = x.type;
  const [from, to] = [source, destination].map((list) =>
    list.map((axis) => resolveAxis("movedim", axis, shape))
  ) as [number[], number[]];
  const isOrder = from.length === to.length &&
    new Set(from).size === from.length && new Set(to).size === to.length;
  if (!isOrder) {
    throw attributeInvalid(
      "movedim",
      "destination",
      `found axes [${source}] for places [${destination}], wanted as many of both, none twice`,
    );
  }
  const order = [...shape.keys()].filter((axis) => !from.includes(axis));
  const moves = from.map((axis, i) => [to[i]!, axis] as const);
  // From the first place on, so that each lands where it is meant to be.
  for (const [place, axis] of moves.sort(([a], [b]) => a - b)) {
    order.splice(place, 0, axis);
  }
  return permute(x, order);
}

function rolled(x: Node, axis: number, shift: number): Node {
  const size = x.type.shape[axis]!;
  const by = size === 0 ? 0 : (shift % size + size) % size;
  if (by === 0) return x;
  return concat([
    sliceAxis(x, axis, { start: size - by, end: size }),
    sliceAxis(x, axis, { start: 0, end: size - by }),
  ], axis);
}

function swapped(x: Node, a: number, b: number): Node {
  const order = [...x.type.shape.keys()];
  return permute(x, order.with(a, b).with(b, a));
}

/** Channels, height and width of images that a factor may be applied to. */
function imageOf(
  name: string,
  { type: { shape } }: Node,
  factor: number,
): [channels: number, height: number, width: number] {
  resolveAxis(name, -3, shape);
  if (factor < 1) {
    throw attributeInvalid(name, "factor", `found ${factor}, wanted 1 or more`);
  }
  return shape.slice(-3) as [number, number, number];
}
