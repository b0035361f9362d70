import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitExp } from "./exp.ts";

/**
 * Writes 1 / (1 + e^-x).
 *
 * Numerics: at most 4 ULP from -87 on; below -88.7, where the result is denormal, 0.
 *
 * @param code Where to write.
 * @param x The argument.
 * @returns The logistic function of it.
 */
export function emitSigmoid(code: VectorCode, x: Local): Local {
  const { f } = code;
  const one = f.f32x4(1);
  const power = emitExp(code, f.op("f32x4.neg", x));
  return f.op("f32x4.div", one, f.op("f32x4.add", one, power));
}
