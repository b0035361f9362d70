import {
  dtypeMismatch,
  equalShapes,
  invalidShape,
  isFloatDType,
  shapeMismatch,
  toFloatDType,
} from "../../core/base/mod.ts";
import { apply } from "../apply.ts";
import type { CompositeOperator, Node, TensorType } from "../graph/node.ts";
import { binary, div, mul } from "./binary.ts";
import { cast } from "./cast.ts";
import { matmul } from "./matmul.ts";
import { FLOAT_DTYPES } from "./number_dtypes.ts";
import { reduce } from "./reduce.ts";
import { unary } from "./unary.ts";

/** The largest whole number that is used: without -128 the range is symmetric. */
const LEVEL_MAX = 127;

/** Smaller numbers become zeros: their scale would have too few digits. */
const RANGE_MIN = 2 ** -100;

/** Products of two levels whose sum fits `int32` for certain. */
const DEPTH_MAX = Math.floor((2 ** 31 - 1) / LEVEL_MAX ** 2);

/**
 * Matrix product with `int8` weights: each row of the left side is brought to whole numbers from -127
 * to 127 by its largest element, multiplied exactly, and scaled back.
 *
 * **Shapes**: `x [..., m, k], weight [k, n], scale [n] -> y [..., m, n]`; `x [k] -> y [n]`. The weights
 * meant are `weight × scale`.
 *
 * **Numerics**: sums are exact, in `int32`, so the result is the same on every machine up to the
 * rounding of the scales; a depth above 133,144 could overflow and is refused. A row with `NaN` or
 * `Infinity` gives `NaN`s. The gradient is that of the product with `weight × scale`, without rounding.
 *
 * **Source**: Jacob et al., "Quantization and training of neural networks for efficient
 * integer-arithmetic-only inference" (2018), §2, with symmetric ranges; Dettmers et al., "LLM.int8()"
 * (2022), §2.1, for a scale a row.
 */
export const quantizedMatmulOperator: CompositeOperator = {
  kind: "composite",
  name: "quantizedMatmul",
  version: "1.0.0",
  description: "Matrix product with int8 weights that are scaled by column.",
  schema: { inputs: ["x", "weight", "scale"], attributes: {} },
  infer([x, weight, scale]) {
    assertDTypes(x!, weight!, scale!);
    const [depth, columns] = weight!.shape;
    if (weight!.shape.length !== 2 || depth! > DEPTH_MAX) {
      throw shapeMismatch("quantizedMatmul", x!.shape, weight!.shape, {
        rule:
          `the weights must be [depth, columns], depth at most ${DEPTH_MAX}`,
      });
    }
    if (x!.shape.length === 0) throw invalidShape("quantizedMatmul", x!.shape);
    if (x!.shape.at(-1) !== depth) {
      throw shapeMismatch("quantizedMatmul", x!.shape, weight!.shape, {
        rule: "columns of the left must equal rows of the right",
      });
    }
    if (!equalShapes(scale!.shape, [columns!])) {
      throw shapeMismatch("quantizedMatmul", weight!.shape, scale!.shape, {
        rule: "there must be a scale for each column of the weights",
      });
    }
    return {
      dtype: toFloatDType(x!.dtype),
      shape: [...x!.shape.slice(0, -1), columns!],
    };
  },
  decompose([x, weight, scale]) {
    const value = cast(x!, "float32");
    const { levels, scale: rowScale } = quantize(value, [
      value.type.shape.length - 1,
    ]);
    const product = cast(matmul(levels, weight!), "float32");
    // A vector's scale has one axis of size 1, as its product has one.
    const y = mul(mul(product, rowScale), scale!);
    return cast(y, toFloatDType(x!.type.dtype));
  },
};

function assertDTypes(
  x: TensorType,
  weight: TensorType,
  scale: TensorType,
): void {
  for (const { dtype } of [x, scale]) {
    if (!isFloatDType(dtype)) {
      throw dtypeMismatch("quantizedMatmul", dtype, FLOAT_DTYPES);
    }
  }
  if (weight.dtype !== "int8") {
    throw dtypeMismatch("quantizedMatmul", weight.dtype, ["int8"]);
  }
}

/**
 * Brings numbers to whole ones from -127 to 127, by the largest of them along some axes.
 *
 * @param x The numbers, `float32`.
 * @param axes The axes.
 * @returns The whole numbers, `int8`, and what they are to be multiplied by, with the axes of size 1.
 */
export function quantize(
  x: Node,
  axes: readonly number[],
): { readonly levels: Node; readonly scale: Node } {
  const largest = reduce("max", unary("abs", x), { axes, keepDims: true });
  const scale = div(binary("maximum", [largest, RANGE_MIN]), LEVEL_MAX);
  return { levels: cast(unary("round", div(x, scale)), "int8"), scale };
}

/**
 * Multiplies by quantized weights; see {@linkcode quantizedMatmulOperator}.
 *
 * @param x The left matrices, `[..., m, k]`, or a vector.
 * @param weight The weights, `int8 [k, n]`.
 * @param scale What each column of them is to be multiplied by, `[n]`.
 * @returns The products, `[..., m, n]`.
 */
export function quantizedMatmul(x: Node, weight: Node, scale: Node): Node {
  return apply(quantizedMatmulOperator, [x, weight, scale]);
}
