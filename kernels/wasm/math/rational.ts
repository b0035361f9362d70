import type { OddRational } from "../../approximations.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/**
 * Writes an odd function that goes to ±1.
 *
 * Only t is bounded: from the end on the quotient grows with x itself, and is cut off at ±1, where it
 * is also cut off if rounding lifts it.
 *
 * Source: the form is that of Eigen's `tanh` (`generic_fast_tanh_float`).
 *
 * @param code Where to write.
 * @param x The argument.
 * @param rational The function.
 * @returns Its value.
 */
export function emitOddRational(
  code: VectorCode,
  x: Local,
  { over, under, end }: OddRational,
): Local {
  const { f } = code;
  const t = f.op("f32x4.pmin", f.op("f32x4.mul", x, x), f.f32x4(end * end));
  const quotient = f.op(
    "f32x4.div",
    f.op("f32x4.mul", x, code.polynomial(t, over)),
    code.polynomial(t, under),
  );
  const below = f.op("f32x4.pmin", quotient, f.f32x4(1));
  return f.op("f32x4.pmax", below, f.f32x4(-1));
}
