import {
  assertShape,
  type RandomKey,
  type Shape,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { Node, PrimitiveOperator } from "../graph/node.ts";

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
  schema: {
    inputs: [],
    attributes: { shape: "integers", key: "integers", distribution: "string" },
  },
  infer(_, { shape, key, distribution }) {
    assertShape("random", shape as Shape);
    const words = key as readonly number[];
    if (
      words.length !== 2 ||
      words.some((word) => word < 0 || word >= 2 ** 32)
    ) {
      throw attributeInvalid(
        "random",
        "key",
        `found [${words}], wanted two whole numbers from 0 below 2^32`,
      );
    }
    if (distribution !== "uniform" && distribution !== "normal") {
      throw attributeInvalid(
        "random",
        "distribution",
        `found ${JSON.stringify(distribution)}, wanted "uniform" or "normal"`,
      );
    }
    return { dtype: "float32", shape: shape as Shape };
  },
  lowering: { kind: "random" },
};

/** Settings of {@linkcode random}. */
export interface RandomAttributes {
  /** What the numbers depend on. */
  readonly key: RandomKey;
  /** How they are distributed. */
  readonly distribution: "uniform" | "normal";
}

/**
 * Draws random numbers; see {@linkcode randomOperator}.
 *
 * @param shape The shape wanted.
 * @param attributes The key and the distribution.
 * @returns The numbers, `[...shape]`.
 */
export function random(
  shape: Shape,
  { key, distribution }: RandomAttributes,
): Node {
  return apply(randomOperator, [], {
    shape: [...shape],
    key: [...key],
    distribution,
  });
}
