import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitOddRational, type OddRational } from "./rational.ts";

/** erf(x) / x in x^2, minimax of the relative error; the common factor is the one that rounds best. */
const ERF: OddRational = {
  over: [
    1.17068326,
    0.197545961,
    0.0547264628,
    0.0039068372,
    0.000295564503,
    2.12694295e-06,
  ],
  under: [
    1.03749096,
    0.520900309,
    0.118387587,
    0.0155305145,
    0.00120613119,
    3.95198331e-05,
  ],
  end: 3.92,
};

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
