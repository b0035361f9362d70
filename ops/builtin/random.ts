import {
  assertShape,
  dtypeMismatch,
  type RandomKey,
  type Shape,
  shapeMismatch,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type {
  AttributeKind,
  Attributes,
  Node,
  PrimitiveOperator,
  TensorType,
} from "../graph/node.ts";

const ATTRIBUTES: Readonly<Record<string, AttributeKind>> = {
  shape: "integers",
  key: "integers",
  distribution: "string",
};

/**
 * Random numbers that depend on a key and an element's place only: the same on every backend.
 *
 * **Shapes**: `-> y [...shape]`, `float32`.
 *
 * **Numerics**: `uniform` has 24 random bits in [0, 1); `normal` has mean 0 and variance 1.
 *
 * **Source**: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011), Philox4x32-10.
 */
export const randomOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "random",
  version: "1.0.0",
  description: "Random numbers that depend on a key and an element's place.",
  schema: { inputs: [], attributes: ATTRIBUTES },
  infer: (_, attributes) => inferRandom("random", attributes),
  lowering: { kind: "random" },
};

/**
 * Random numbers that also depend on which draw of the key they are: other ones each time that a
 * compiled function is called with another number.
 *
 * **Shapes**: `draw [], int32 -> y [...shape]`, `float32`.
 *
 * **Numerics**: as {@linkcode randomOperator}, whose numbers are those of draw 0.
 *
 * **Source**: as {@linkcode randomOperator}; the number is the third word of the counter.
 */
export const randomDrawOperator: PrimitiveOperator = {
  kind: "primitive",
  name: "randomDraw",
  version: "1.0.0",
  description: "Random numbers of a draw that is known by its number.",
  schema: { inputs: ["draw"], attributes: ATTRIBUTES },
  infer([draw], attributes) {
    if (draw!.dtype !== "int32") {
      throw dtypeMismatch("randomDraw", draw!.dtype, ["int32"]);
    }
    if (draw!.shape.length > 0) {
      throw shapeMismatch("randomDraw", draw!.shape, [], {
        rule: "the number of a draw is a scalar",
      });
    }
    return inferRandom("randomDraw", attributes);
  },
  lowering: { kind: "random" },
};

function inferRandom(
  name: string,
  { shape, key, distribution }: Attributes,
): TensorType {
  assertShape(name, shape as Shape);
  const words = key as readonly number[];
  if (
    words.length !== 2 ||
    words.some((word) => word < 0 || word >= 2 ** 32)
  ) {
    throw attributeInvalid(
      name,
      "key",
      `found [${words}], wanted two whole numbers from 0 below 2^32`,
    );
  }
  if (distribution !== "uniform" && distribution !== "normal") {
    throw attributeInvalid(
      name,
      "distribution",
      `found ${JSON.stringify(distribution)}, wanted "uniform" or "normal"`,
    );
  }
  return { dtype: "float32", shape: shape as Shape };
}

/** Settings of {@linkcode random}. */
export interface RandomAttributes {
  /** Which draw of the key, an `int32` scalar; the first if left out. */
  readonly draw?: Node | undefined;
  /** What the numbers depend on. */
  readonly key: RandomKey;
  /** How they are distributed. */
  readonly distribution: "uniform" | "normal";
}

/**
 * Draws random numbers; see {@linkcode randomOperator}.
 *
 * @param shape The shape wanted.
 * @param attributes The key, the draw and the distribution.
 * @returns The numbers, `[...shape]`.
 */
export function random(
  shape: Shape,
  { draw, key, distribution }: RandomAttributes,
): Node {
  const attributes = { shape: [...shape], key: [...key], distribution };
  return draw
    ? apply(randomDrawOperator, [draw], attributes)
    : apply(randomOperator, [], attributes);
}
