/**
 * Diagonals and triangles of matrices, made of views and masks.
 *
 * **Numerics**: exact; every dtype is kept. **Source**: the functions of the same names in PyTorch.
 *
 * @module
 */
import { resolveAxis, type Shape } from "../../core/base/mod.ts";
import { attributeInvalid } from "../errors.ts";
import { type CompositeOperator, constant, type Node } from "../graph/node.ts";
import { add, binary } from "./binary.ts";
import { compositeOperators, type CompositeRow } from "./composite.ts";
import { iota } from "./iota.ts";
import { pad } from "./pad.ts";
import { permute } from "./permute.ts";
import { reduce } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { sliceAxis } from "./slice.ts";
import { where } from "./where.ts";

/** Names of the operators. */
export type DiagonalName = "diagEmbed" | "diagonal" | "trace" | "tril" | "triu";

const ROWS: Readonly<Record<DiagonalName, CompositeRow>> = {
  diagEmbed: {
    description: "Matrices with lines of the last axis as diagonals.",
    attributes: { offset: "integer" },
    defaults: { offset: 0 },
    body: ([x], { offset }) => diagEmbed(x!, offset as number),
  },
  diagonal: {
    description: "The diagonal of two axes, along a new last one.",
    attributes: { offset: "integer", axis1: "integer", axis2: "integer" },
    defaults: { offset: 0, axis1: 0, axis2: 1 },
    body: ([x], { offset, axis1, axis2 }) =>
      diagonal("diagonal", x!, {
        offset: offset as number,
        axes: [axis1 as number, axis2 as number],
      }),
  },
  trace: {
    description: "The sum of the diagonal of the last two axes.",
    attributes: { offset: "integer" },
    defaults: { offset: 0 },
    body: ([x], { offset }) =>
      reduce(
        "sum",
        diagonal("trace", x!, { offset: offset as number, axes: [-2, -1] }),
        { axes: -1, keepDims: false },
      ),
  },
  tril: {
    description: "The last two axes' lower triangle, zeros above it.",
    attributes: { diagonal: "integer" },
    defaults: { diagonal: 0 },
    body: ([x], { diagonal }) => {
      const { rows, columns } = places("tril", x!);
      const isKept = binary("lessOrEqual", [
        columns,
        add(rows, diagonal as number),
      ]);
      return where(isKept, [x!, zeroOf(x!)]);
    },
  },
  triu: {
    description: "The last two axes' upper triangle, zeros below it.",
    attributes: { diagonal: "integer" },
    defaults: { diagonal: 0 },
    body: ([x], { diagonal }) => {
      const { rows, columns } = places("triu", x!);
      const isKept = binary("lessOrEqual", [
        add(rows, diagonal as number),
        columns,
      ]);
      return where(isKept, [x!, zeroOf(x!)]);
    },
  },
};

/** The operators by name. */
export const DIAGONAL_OPERATORS: Readonly<
  Record<DiagonalName, CompositeOperator>
> = compositeOperators(ROWS);

/**
 * The number 0 as a tensor of some other one's dtype.
 *
 * @param x The other.
 * @returns Its zero.
 */
export function zeroOf({ type: { dtype } }: Node): Node {
  return constant(0, { dtype, shape: [] });
}

/**
 * Resolves two axes that must differ.
 *
 * @param name Name of the operator, for messages.
 * @param shape The shape.
 * @param axes The axes, as the caller wrote them.
 * @returns The axes, counted from the first.
 */
export function twoAxes(
  name: string,
  shape: Shape,
  axes: readonly [number, number],
): [number, number] {
  const [a, b] = axes.map((axis) => resolveAxis(name, axis, shape));
  if (a !== b) return [a!, b!];
  throw attributeInvalid(
    name,
    "axis2",
    `found axis ${b} twice, wanted two different axes`,
  );
}

function diagonal(
  name: string,
  x: Node,
  { offset, axes }: {
    readonly offset: number;
    readonly axes: readonly [number, number];
  },
): Node {
  const { shape } = x.type;
  const [a, b] = twoAxes(name, shape, axes);
  const others = [...shape.keys()].filter((axis) => axis !== a && axis !== b);
  const [rows, columns] = [shape[a]!, shape[b]!];
  const lead = others.map((axis) => shape[axis]!);
  const flat = reshape(permute(x, [...others, a, b]), [
    ...lead,
    rows * columns,
  ]);
  const start = offset >= 0 ? offset : -offset * columns;
  const count = offset >= 0
    ? Math.min(rows, columns - offset)
    : Math.min(rows + offset, columns);
  return sliceAxis(flat, lead.length, {
    start: count > 0 ? start : 0,
    end: count > 0 ? start + (count - 1) * (columns + 1) + 1 : 0,
    step: columns + 1,
  });
}

/** Between neighbours of a diagonal lie as many elements as a row has: so padding makes a matrix. */
function diagEmbed(x: Node, offset: number): Node {
  const { shape } = x.type;
  const last = resolveAxis("diagEmbed", -1, shape);
  const count = shape[last]!;
  const size = count + Math.abs(offset);
  const start = offset >= 0 ? offset : -offset * size;
  const length = count + Math.max(0, count - 1) * size;
  const none = shape.map(() => 0);
  const flat = pad(x, {
    low: none.with(last, start),
    high: none.with(last, size * size - start - length),
    interior: none.with(last, size),
    value: 0,
  });
  return reshape(flat, [...shape.slice(0, -1), size, size]);
}

/** Rows and columns of the last two axes, as whole numbers that broadcast. */
function places(
  name: string,
  { type: { shape } }: Node,
): { readonly rows: Node; readonly columns: Node } {
  const [rows, columns] = [-2, -1].map((axis) =>
    iota(shape[resolveAxis(name, axis, shape)]!)
  ) as [Node, Node];
  return { rows: reshape(rows, [rows.type.shape[0]!, 1]), columns };
}
