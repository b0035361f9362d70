import { LN2, LOG_TAIL } from "../../approximations.ts";
import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/** The bits of √½. */
const SQRT_HALF_BITS = 0x3f3504f3;

/**
 * Writes the natural logarithm.
 *
 * Numerics: at most 2 ULP, denormal arguments included. `log(0)` is `-Infinity`, of a negative
 * number `NaN`.
 *
 * Source: x = 2^e (1 + t) with 1 + t from √½ to √2; ln x = e ln 2 + ln(1 + t).
 *
 * @param code Where to write.
 * @param x The argument.
 * @returns Its logarithm.
 */
export function emitLog(code: VectorCode, x: Local): Local {
  const { f } = code;
  const isDenormal = f.op("f32x4.lt", x, f.f32x4(2 ** -126));
  const normal = code.select(
    isDenormal,
    f.op("f32x4.mul", x, f.f32x4(2 ** 23)),
    x,
  );
  const split = splitNormal(code, normal);
  const exponent = f.op(
    "f32x4.sub",
    split.exponent,
    f.op("v128.and", isDenormal, f.f32x4(23)),
  );
  return withLogEnds(code, x, emitLogOf(code, { ...split, exponent }));
}

/** A number as 2^exponent (1 + rest), the rest from √½ - 1 to √2 - 1. */
export interface SplitNumber {
  /** The exponent, a whole number. */
  readonly exponent: Local;
  /** What is left beside 1. */
  readonly rest: Local;
}

/**
 * Writes the parts of a number that is neither 0 nor denormal, negative or infinite.
 *
 * @param code Where to write.
 * @param x The number.
 * @returns Its parts.
 */
export function splitNormal({ f }: VectorCode, x: Local): SplitNumber {
  const exponent = f.op(
    "i32x4.shr_s",
    f.op("i32x4.sub", x, f.i32x4(SQRT_HALF_BITS)),
    23,
  );
  const mantissa = f.op("i32x4.sub", x, f.op("i32x4.shl", exponent, 23));
  return {
    exponent: f.op("f32x4.convert_i32x4_s", exponent),
    rest: f.op("f32x4.sub", mantissa, f.f32x4(1)),
  };
}

/**
 * Writes the natural logarithm of a number in parts.
 *
 * Numerics: at most 2 ULP.
 *
 * @param code Where to write.
 * @param parts The number.
 * @returns Its logarithm.
 */
export function emitLogOf(
  code: VectorCode,
  { exponent: e, rest: t }: SplitNumber,
): Local {
  const { f } = code;
  const square = f.op("f32x4.mul", t, t);
  const tail = code.madd(
    e,
    f.f32x4(LN2.low),
    f.op(
      "f32x4.mul",
      f.op("f32x4.mul", t, square),
      code.polynomial(t, LOG_TAIL),
    ),
  );
  return code.madd(
    e,
    f.f32x4(LN2.high),
    f.op("f32x4.add", t, code.nmadd(square, f.f32x4(0.5), tail)),
  );
}

/**
 * Writes the logarithm of 0, infinity and what has none.
 *
 * @param code Where to write.
 * @param x The argument.
 * @param log The logarithm, where x is a positive number.
 * @returns The logarithm.
 */
export function withLogEnds(code: VectorCode, x: Local, log: Local): Local {
  const { f } = code;
  const isNumber = f.op("f32x4.ge", x, f.f32x4(0));
  const orZero = code.select(
    f.op("f32x4.eq", x, f.f32x4(0)),
    f.f32x4(-Infinity),
    log,
  );
  const orInfinite = code.select(
    f.op("f32x4.eq", x, f.f32x4(Infinity)),
    x,
    orZero,
  );
  // All bits set are a NaN.
  return f.op("v128.or", orInfinite, f.op("v128.not", isNumber));
}
