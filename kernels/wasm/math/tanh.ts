import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitOddRational, type OddRational } from "./rational.ts";

/** tanh(x) / x in x^2, minimax of the relative error; the common factor is the one that rounds best. */
const TANH: OddRational = {
  over: [1.77029383, 0.23676753, 0.00617445307, 3.62577593e-05, 2.33281465e-08],
  under: [
    1.77029383,
    0.826865137,
    0.0457574837,
    0.000579403422,
    1.36384494e-06,
  ],
  end: 9.1,
};

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
