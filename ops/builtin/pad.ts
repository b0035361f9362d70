import { assertShape, type Shape } from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { Attributes, CompositeOperator, Node } from "../graph/node.ts";
import { encodeNumber } from "../trace/trace.ts";
import { assemble } from "./assemble.ts";
import { slice } from "./slice.ts";

/** Settings of {@linkcode pad}: one entry for each axis. */
export interface PadAttributes {
  /** How many elements are added before; negative numbers take some away. */
  readonly low: readonly number[];
  /** How many elements are added behind; negative numbers take some away. */
  readonly high: readonly number[];
  /** How many elements are added between two neighbours, from 0; none if left out. */
  readonly interior?: readonly number[];
  /** What is added. */
  readonly value: number;
}

/**
 * The elements with more around them: `low` before, `high` behind and `interior` between neighbours
 * along each axis. Negative numbers take elements away, after what goes between has been added.
 *
 * **Shapes**: `x [n, ...] -> y [low + n + max(n - 1, 0) interior + high, ...]`.
 *
 * **Numerics**: the value becomes one of the input's dtype, as a cast does.
 *
 * **Source**: XLA `Pad`; NumPy `pad` with `mode="constant"`.
 */
export const padOperator: CompositeOperator = {
  kind: "composite",
  name: "pad",
  version: "1.0.0",
  description: "The elements with one value around and between them.",
  schema: {
    inputs: ["x"],
    attributes: {
      low: "integers",
      high: "integers",
      interior: "integers",
      value: "element",
    },
  },
  infer: ([x], attributes) => ({
    dtype: x!.dtype,
    shape: paddedShape(x!.shape, attributes),
  }),
  decompose([x], attributes) {
    const { low, high, interior } = readPadding(x!.type.shape, attributes);
    const shape = paddedShape(x!.type.shape, attributes);
    const spread = spreadSizes(x!.type.shape, interior);
    const [before, behind] = [low, high].map((list) =>
      list.map((count) => Math.max(0, count))
    ) as [number[], number[]];
    const larger = spread.map((size, axis) =>
      before[axis]! + size + behind[axis]!
    );
    const padded = assemble([x!], {
      shape: larger,
      offsets: [before],
      steps: [interior.map((count) => count + 1)],
      value: Number(attributes.value),
    });
    const starts = low.map((count) => Math.max(0, -count));
    return slice(padded, {
      starts,
      ends: shape.map((size, axis) => starts[axis]! + size),
      steps: shape.map(() => 1),
    });
  },
};

interface Padding {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly interior: readonly number[];
}

function readPadding(shape: Shape, attributes: Attributes): Padding {
  const [low, high, interior] = ["low", "high", "interior"].map((name) => {
    const list = attributes[name] as readonly number[];
    if (list.length === shape.length) return list;
    throw attributeInvalid(
      "pad",
      name,
      `found ${list.length} entries, wanted one for each axis of shape [${shape}]`,
    );
  }) as [number[], number[], number[]];
  if (interior.some((count) => count < 0)) {
    throw attributeInvalid(
      "pad",
      "interior",
      `found [${interior}], wanted 0 or more`,
    );
  }
  return { low, high, interior };
}

function spreadSizes(shape: Shape, interior: readonly number[]): Shape {
  return shape.map((size, axis) =>
    size + Math.max(0, size - 1) * interior[axis]!
  );
}

function paddedShape(from: Shape, attributes: Attributes): Shape {
  const { low, high, interior } = readPadding(from, attributes);
  const shape = spreadSizes(from, interior).map((size, axis) =>
    low[axis]! + size + high[axis]!
  );
  assertShape("pad", shape);
  return shape;
}

/**
 * Adds elements around others; see {@linkcode padOperator}.
 *
 * @param x The input, whose rank is known.
 * @param attributes How many to add, and what.
 * @returns The padded tensor.
 */
export function pad(
  x: Node,
  { low, high, interior = low.map(() => 0), value }: PadAttributes,
): Node {
  return apply(padOperator, [x], {
    low: [...low],
    high: [...high],
    interior: [...interior],
    value: encodeNumber(value),
  });
}
