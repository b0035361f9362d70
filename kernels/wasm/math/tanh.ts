import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { TANH } from "../../approximations.ts";
import { emitOddRational } from "./rational.ts";

/**
 * Writes the hyperbolic tangent.
 *
 * Numerics: at most 6 ULP, of tiny arguments too; never beyond ±1.
 *
 * @param code Where to write.
 * @param x The argument.
 * @returns Its tangent.
 */
export function emitTanh(code: VectorCode, x: Local): Local {
  return emitOddRational(code, x, TANH);
}
