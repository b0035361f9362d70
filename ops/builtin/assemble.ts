import {
  assertShape,
  dtypeMismatch,
  overlaps,
  type Shape,
  shapeMismatch,
  type ValueDType,
  valueDType,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type {
  AssembleLayout,
  Attributes,
  Node,
  PrimitiveOperator,
} from "../graph/node.ts";
import { encodeNumber } from "../trace/trace.ts";

/** Settings of {@linkcode assemble}. */
export interface AssembleAttributes {
  /** Shape of the array. */
  readonly shape: Shape;
  /** Where the first element of each piece lies: one list a piece. */
  readonly offsets: readonly (readonly number[])[];
  /** From one element of a piece to the next along each axis, from 1: one list a piece. */
  readonly steps: readonly (readonly number[])[];
  /** What the array holds where no piece lies. */
  readonly value: number;
}

/**
 * Pieces laid at places of an array that holds one value elsewhere:
 * `y[offset + i step] = piece[i]`. It is what padding and joining are made of, and the gradient of
 * taking slices. No two pieces may meet.
 *
 * **Shapes**: `pieces [...] -> y [...shape]`, all of one rank and dtype.
 *
 * **Cost**: one pass over the output; what is computed element by element is computed in place.
 */
export const assembleOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "assemble",
  version: "1.0.0",
  description:
    "Pieces laid at places of an array that holds one value elsewhere.",
  schema: {
    inputs: ["pieces"],
    isVariadic: true,
    attributes: {
      shape: "integers",
      offsets: "integers",
      steps: "integers",
      value: "element",
    },
  },
  infer(pieces, attributes) {
    const shape = attributes.shape as Shape;
    assertShape("assemble", shape);
    const [first] = pieces;
    for (const { dtype, shape: own } of pieces) {
      if (dtype !== first!.dtype) {
        throw dtypeMismatch("assemble", dtype, [first!.dtype]);
      }
      if (own.length !== shape.length) {
        throw shapeMismatch("assemble", own, shape, {
          rule: "ranks must be equal",
        });
      }
    }
    assertPlaces(pieces.map((piece) => piece.shape), attributes);
    return { dtype: first!.dtype, shape };
  },
  lowering: {
    kind: "assemble",
    layout({ output: { dtype, shape }, attributes }) {
      const { value, places } = layoutOf(shape.length, attributes);
      return { value: heldAs(value, valueDType(dtype)), places };
    },
  },
};

/**
 * Reads where the pieces lie.
 *
 * @param rank Number of axes.
 * @param attributes Settings of the call.
 * @returns Where they lie, and what lies elsewhere.
 */
export function layoutOf(rank: number, attributes: Attributes): AssembleLayout {
  const offsets = attributes.offsets as readonly number[];
  const steps = attributes.steps as readonly number[];
  const count = rank === 0 ? 1 : offsets.length / rank;
  return {
    value: Number(attributes.value),
    places: Array.from({ length: count }, (_, i) => ({
      offset: offsets.slice(i * rank, (i + 1) * rank),
      steps: steps.slice(i * rank, (i + 1) * rank),
    })),
  };
}

/** A number as a value of a dtype, as a cast makes it. */
function heldAs(value: number, dtype: ValueDType): number {
  switch (dtype) {
    case "bool":
      return value === 0 ? 0 : 1;
    case "int32":
      if (Number.isNaN(value)) return 0;
      return Math.trunc(Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1));
    case "float32":
      return value;
    default:
      return dtype satisfies never;
  }
}

function assertPlaces(
  pieces: readonly Shape[],
  attributes: Attributes,
): void {
  const shape = attributes.shape as Shape;
  const rank = shape.length;
  for (const name of ["offsets", "steps"]) {
    const { length } = attributes[name] as readonly number[];
    if (length !== rank * pieces.length) {
      throw attributeInvalid(
        "assemble",
        name,
        `found ${length} entries, wanted ${rank} for each of ${pieces.length} pieces`,
      );
    }
  }
  const { places } = layoutOf(rank, attributes);
  const placed = pieces.map((own, i) => ({ shape: own, ...places[i]! }));
  for (const [i, piece] of placed.entries()) {
    const lies = piece.shape.every((size, axis) => {
      const [offset, step] = [piece.offset[axis]!, piece.steps[axis]!];
      return offset >= 0 && step >= 1 &&
        (size === 0 || offset + (size - 1) * step < shape[axis]!);
    });
    if (!lies) {
      throw attributeInvalid(
        "assemble",
        "offsets",
        `found piece ${i} of shape [${piece.shape}] at [${piece.offset}] with steps [${piece.steps}], wanted it inside shape [${shape}] with steps of at least 1`,
      );
    }
    const other = placed.findIndex((other, k) =>
      k < i && overlaps(other, piece)
    );
    if (other !== -1) {
      throw attributeInvalid(
        "assemble",
        "offsets",
        `found pieces ${other} and ${i} in the same places, wanted them apart`,
      );
    }
  }
}

/**
 * Lays pieces at places of an array; see {@linkcode assembleOperator}.
 *
 * @param pieces The pieces.
 * @param attributes Where they lie, and in what.
 * @returns The array.
 */
export function assemble(
  pieces: readonly Node[],
  { shape, offsets, steps, value }: AssembleAttributes,
): Node {
  return apply(assembleOperator, pieces, {
    shape: [...shape],
    offsets: offsets.flat(),
    steps: steps.flat(),
    value: encodeNumber(value),
  });
}
