import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitExpNear } from "./exp_near.ts";

/** Where the power's exponent is -127 and its bits are those of 0. */
const LOWEST = -88;

/**
 * Writes e^x where x is 0, less or `NaN`: fewer instructions than e^x in general, and no branch.
 *
 * Numerics: at most 2 ULP, 3 without relaxed SIMD; powers below 2^-126 may be 0. `exp(-Infinity)` is 0.
 *
 * @param code Where to write.
 * @param x The exponent.
 * @returns The power.
 */
export function emitExpNonpositive(code: VectorCode, x: Local): Local {
  return emitExpNear(code, code.f.op("f32x4.pmax", x, code.f.f32x4(LOWEST)));
}
