import type { Vjp } from "../../graph/node.ts";
import { ATTENTION_DERIVATIVES } from "./attention.ts";
import { CONVOLUTION_DERIVATIVES } from "./convolution.ts";
import { ELEMENTWISE_DERIVATIVES } from "./elementwise.ts";
import { MATH_DERIVATIVES } from "./math.ts";
import { FFT_DERIVATIVES } from "./fft.ts";
import { LINEAR_ALGEBRA_DERIVATIVES } from "./linear_algebra.ts";
import { MATMUL_DERIVATIVES } from "./matmul.ts";
import { POOL_DERIVATIVES } from "./pool.ts";
import { QUANTIZED_MATMUL_DERIVATIVES } from "./quantized_matmul.ts";
import { REDUCE_DERIVATIVES } from "./reduce.ts";
import { SCAN_DERIVATIVES } from "./scan.ts";
import { SHAPE_DERIVATIVES } from "./shape.ts";

/**
 * Gradients of the built-in operators, by name. They stand apart from the operators, because the
 * derivative of one is written with others, and theirs with it.
 */
export const DERIVATIVES: ReadonlyMap<string, Vjp> = new Map(
  Object.entries({
    ...ATTENTION_DERIVATIVES,
    ...CONVOLUTION_DERIVATIVES,
    ...ELEMENTWISE_DERIVATIVES,
    ...MATH_DERIVATIVES,
    ...FFT_DERIVATIVES,
    ...LINEAR_ALGEBRA_DERIVATIVES,
    ...MATMUL_DERIVATIVES,
    ...POOL_DERIVATIVES,
    ...QUANTIZED_MATMUL_DERIVATIVES,
    ...REDUCE_DERIVATIVES,
    ...SCAN_DERIVATIVES,
    ...SHAPE_DERIVATIVES,
  }),
);
