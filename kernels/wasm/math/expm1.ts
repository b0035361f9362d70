import { EXP_TAIL } from "../../approximations.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitExp } from "./exp.ts";

/**
 * Writes e^x - 1.
 *
 * Numerics: at most 4 ULP, of tiny arguments too; `-1` far below 0.
 *
 * Source: up to ln 2 the polynomial of e^x without its first term; beyond, the difference loses at most
 * one bit.
 *
 * @param code Where to write.
 * @param x The exponent.
 * @returns The power, less 1.
 */
export function emitExpm1(code: VectorCode, x: Local): Local {
  const { f } = code;
  const one = f.f32x4(1);
  const slope = code.madd(x, code.polynomial(x, EXP_TAIL), one);
  const isNear = f.op("f32x4.le", f.op("f32x4.abs", x), f.f32x4(Math.LN2));
  return code.select(
    isNear,
    f.op("f32x4.mul", x, slope),
    f.op("f32x4.sub", emitExp(code, x), one),
  );
}
