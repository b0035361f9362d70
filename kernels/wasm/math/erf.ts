import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { ERF } from "../../approximations.ts";
import { emitOddRational } from "./rational.ts";

/**
 * Writes the error function.
 *
 * Numerics: at most 6 ULP, of tiny arguments too; never beyond ±1.
 *
 * @param code Where to write.
 * @param x The argument.
 * @returns Its error function.
 */
export function emitErf(code: VectorCode, x: Local): Local {
  return emitOddRational(code, x, ERF);
}
