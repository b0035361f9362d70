import { apply } from "../apply.ts";
import { attributeInvalid } from "../errors.ts";
import type { CompositeOperator, Node } from "../graph/node.ts";
import { expand } from "./expand.ts";
import { matmul } from "./matmul.ts";
import { squareType } from "./matrix_types.ts";
import { inverse } from "./solve.ts";
import { identity } from "./triangle.ts";

/** Largest exponent, either way: beyond it, nothing but 0 and infinity is left to tell. */
const POWER_MAX = 2 ** 20;

/**
 * Powers of square matrices; those of the inverse where the exponent is negative.
 *
 * **Shapes**: `x [..., n, n] -> y [..., n, n]`.
 *
 * **Cost**: at most two products for each bit of the exponent.
 *
 * **Source**: NumPy `linalg.matrix_power`.
 */
export const matrixPowerOperator: CompositeOperator = {
  kind: "composite",
  name: "matrixPower",
  version: "1.0.0",
  description: "Powers of square matrices.",
  schema: { inputs: ["x"], attributes: { power: "integer" } },
  infer([x], { power }) {
    squareType("matrixPower", x!);
    if (Math.abs(power as number) > POWER_MAX) {
      throw attributeInvalid(
        "matrixPower",
        "power",
        `found ${power}, wanted a whole number from -${POWER_MAX} to ${POWER_MAX}`,
      );
    }
    return x!;
  },
  decompose([x], attributes) {
    const power = attributes.power as number;
    const { shape } = x!.type;
    if (power === 0) return expand(identity(shape.at(-1)!), shape);
    let square = power < 0 ? inverse(x!) : x!;
    let product: Node | undefined;
    for (let rest = Math.abs(power);;) {
      if (rest % 2 === 1) product = product ? matmul(product, square) : square;
      rest = Math.floor(rest / 2);
      if (rest === 0) return product!;
      square = matmul(square, square);
    }
  },
};

/**
 * Raises matrices to a power; see {@linkcode matrixPowerOperator}.
 *
 * @param x The matrices.
 * @param power The exponent.
 * @returns The powers.
 */
export function matrixPower(x: Node, power: number): Node {
  return apply(matrixPowerOperator, [x], { power });
}
