import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { binary, div, mul } from "./binary.ts";
import { columnsOf } from "./columns.ts";
import { matmul } from "./matmul.ts";
import { matrixType } from "./matrix_types.ts";
import { swapLastAxes } from "./permute.ts";
import { reduce } from "./reduce.ts";
import { svd } from "./svd.ts";
import { where } from "./where.ts";

/**
 * Moore-Penrose inverses. Singular values up to `rcond` times the largest count as 0; `null` stands for
 * `max(m, n)` times the gap between 1 and the next `float32`.
 *
 * **Shapes**: `x [..., m, n] -> y [..., n, m]`.
 *
 * **Cost**: that of singular values: for small matrices.
 *
 * **Source**: NumPy `linalg.pinv`, PyTorch `torch.linalg.pinv` for the default.
 */
export const pseudoInverseOperator: CompositeOperator = {
  kind: "composite",
  name: "pseudoInverse",
  version: "1.0.0",
  description: "Moore-Penrose inverses.",
  schema: { inputs: ["x"], attributes: { rcond: "numberOrNull" } },
  infer([x], { rcond }) {
    const { batch, rows, columns } = matrixType("pseudoInverse", x!);
    if (rcond !== null && (rcond as number) < 0) {
      throw attributeInvalid(
        "pseudoInverse",
        "rcond",
        `found ${rcond}, wanted a number from 0 or null`,
      );
    }
    return { dtype: "float32", shape: [...batch, columns, rows] };
  },
  decompose([x], attributes) {
    const [m, n] = x!.type.shape.slice(-2) as [number, number];
    if (m < n) {
      return swapLastAxes(
        apply(pseudoInverseOperator, [swapLastAxes(x!)], attributes),
      );
    }
    const packed = svd(x!);
    const values = columnsOf(packed, m + n);
    const share = attributes.rcond ?? Math.max(m, n) * 2 ** -23;
    const largest = reduce("max", values, { axes: -2, keepDims: true });
    const counts = binary("less", [mul(largest, share as number), values]);
    const weights = where(counts, [div(1, where(counts, [values, 1])), 0]);
    const weighted = mul(columnsOf(packed, 0, m), weights);
    return matmul(swapLastAxes(columnsOf(packed, m, m + n)), weighted);
  },
};

/**
 * Inverts matrices as far as they can be; see {@linkcode pseudoInverseOperator}.
 *
 * @param x The matrices.
 * @param rcond Which singular values count as 0.
 * @returns Their inverses.
 */
export function pseudoInverse(x: Node, rcond: number | null): Node {
  return apply(pseudoInverseOperator, [x], { rcond });
}
