import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitLogOf, splitNormal, withLogEnds } from "./log.ts";

/** Up to here the argument is what is left beside 1, without adding them: below √2 - 1 and 1 - √½. */
const NEAR = 0.29;

/**
 * Writes the natural logarithm of 1 + x.
 *
 * Numerics: at most 4 ULP, of tiny arguments too. `-Infinity` at -1, `NaN` below.
 *
 * Source: the logarithm by its parts, see `emitLog`; near 0 the part beside 1 is x itself, unrounded.
 *
 * @param code Where to write.
 * @param x The argument.
 * @returns The logarithm.
 */
export function emitLog1p(code: VectorCode, x: Local): Local {
  const { f } = code;
  const sum = f.op("f32x4.add", x, f.f32x4(1));
  const split = splitNormal(code, sum);
  const isNear = f.op("f32x4.le", f.op("f32x4.abs", x), f.f32x4(NEAR));
  const log = emitLogOf(code, {
    exponent: f.op("v128.andnot", split.exponent, isNear),
    rest: code.select(isNear, x, split.rest),
  });
  return withLogEnds(code, sum, log);
}
