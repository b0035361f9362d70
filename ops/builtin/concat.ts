import {
  assertShape,
  equalShapes,
  promoteDTypes,
  resolveAxis,
  type Shape,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node, TensorType } from "../graph/node.ts";
import { assemble } from "./assemble.ts";
import { cast } from "./cast.ts";
import { unsqueeze } from "./squeeze.ts";

/** Most tensors that are joined in one pass: the code of a kernel grows with each. */
const PIECES_MAX = 32;

/**
 * Tensors one after the other along an axis. Dtypes meet in the widest.
 *
 * **Shapes**: `tensors [..., n_i, ...] -> y [..., Σ n_i, ...]`; the other sizes are equal.
 *
 * **Cost**: one pass; what is computed element by element is computed in place.
 *
 * **Source**: NumPy `concatenate`, PyTorch `torch.cat`.
 */
export const concatOperator: CompositeOperator = {
  kind: "composite",
  name: "concat",
  version: "1.0.0",
  description: "Tensors one after the other along an axis.",
  schema: {
    inputs: ["tensors"],
    isVariadic: true,
    attributes: { axis: "integer" },
  },
  infer: (inputs, { axis }) => joinedType(inputs, axis as number),
  decompose(inputs, { axis }) {
    const { dtype, shape } = joinedType(
      inputs.map(({ type }) => type),
      axis as number,
    );
    const along = resolveAxis("concat", axis as number, shape);
    return join(inputs.map((input) => cast(input, dtype)), along);
  },
};

/**
 * Tensors of one shape, side by side along a new axis. Dtypes meet in the widest.
 *
 * **Shapes**: `tensors [...] -> y [..., count, ...]`.
 *
 * **Source**: NumPy `stack`, PyTorch `torch.stack`.
 */
export const stackOperator: CompositeOperator = {
  kind: "composite",
  name: "stack",
  version: "1.0.0",
  description: "Tensors side by side along a new axis.",
  schema: {
    inputs: ["tensors"],
    isVariadic: true,
    attributes: { axis: "integer" },
  },
  infer(inputs, { axis }) {
    const [first] = inputs as readonly [TensorType];
    const other = inputs.find(({ shape }) => !equalShapes(shape, first.shape));
    if (other) {
      throw shapeMismatch("stack", first.shape, other.shape, {
        rule: "both must be equal",
      });
    }
    const rank = first.shape.length + 1;
    const along = resolveAxis("stack", axis as number, new Array(rank).fill(1));
    return {
      dtype: inputs.map(({ dtype }) => dtype).reduce(promoteDTypes),
      shape: first.shape.toSpliced(along, 0, inputs.length),
    };
  },
  decompose(inputs, { axis }) {
    const joined = inputs.map((input) => unsqueeze(input, axis as number));
    return concat(joined, axis as number);
  },
};

function joinedType(inputs: readonly TensorType[], axis: number): TensorType {
  const [first] = inputs as readonly [TensorType];
  const along = resolveAxis("concat", axis, first.shape);
  for (const { shape } of inputs) {
    const isAligned = shape.length === first.shape.length &&
      equalShapes(shape.with(along, 0), first.shape.with(along, 0));
    if (isAligned) continue;
    throw shapeMismatch("concat", first.shape, shape, {
      rule: `ranks, and sizes at all axes but ${along}, must be equal`,
    });
  }
  const total = inputs.reduce((sum, { shape }) => sum + shape[along]!, 0);
  const shape = first.shape.with(along, total);
  assertShape("concat", shape);
  return {
    dtype: inputs.map(({ dtype }) => dtype).reduce(promoteDTypes),
    shape,
  };
}

/** Joins tensors of one dtype: many in groups first, whose results are joined again. */
function join(tensors: readonly Node[], axis: number): Node {
  if (tensors.length === 1) return tensors[0]!;
  if (tensors.length > PIECES_MAX) {
    const count = Math.ceil(tensors.length / PIECES_MAX);
    const groups = Array.from(
      { length: count },
      (_, i) => tensors.slice(i * PIECES_MAX, (i + 1) * PIECES_MAX),
    );
    return join(groups.map((group) => join(group, axis)), axis);
  }
  const whole = tensors[0]!.type.shape.map(() => 0);
  const steps = whole.map(() => 1);
  let total = 0;
  const offsets = tensors.map(({ type: { shape } }) => {
    const offset = whole.with(axis, total);
    total += shape[axis]!;
    return offset;
  });
  const shape: Shape = tensors[0]!.type.shape.with(axis, total);
  return assemble(tensors, {
    shape,
    offsets,
    steps: tensors.map(() => steps),
    value: 0,
  });
}

/**
 * Joins tensors along an axis; see {@linkcode concatOperator}.
 *
 * @param tensors The tensors, at least one.
 * @param axis The axis.
 * @returns The joined tensor.
 */
export function concat(tensors: readonly Node[], axis: number): Node {
  return apply(concatOperator, tensors, { axis });
}

/**
 * Joins tensors along a new axis; see {@linkcode stackOperator}.
 *
 * @param tensors The tensors, at least one.
 * @param axis Where the axis is in the output.
 * @returns The joined tensor.
 */
export function stack(tensors: readonly Node[], axis: number): Node {
  return apply(stackOperator, tensors, { axis });
}
