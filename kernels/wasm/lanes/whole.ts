import type { Local } from "../assembler/function_types.ts";
import type { VectorCode } from "./vector_code.ts";

/**
 * Writes the quotient of whole numbers, rounded down; 0 for a divisor of 0.
 *
 * Numerics: exact: in `f64`, whose quotient of two such numbers is never rounded to another whole one.
 *
 * @param code Where to write.
 * @param dividend The dividends.
 * @param divisor The divisors.
 * @returns The quotients.
 */
export function emitFloorDivide(
  code: VectorCode,
  dividend: Local,
  divisor: Local,
): Local {
  const { f } = code;
  const half = (a: Local, b: Local) =>
    f.op(
      "i32x4.trunc_sat_f64x2_s_zero",
      f.op(
        "f64x2.floor",
        f.op(
          "f64x2.div",
          f.op("f64x2.convert_low_i32x4_s", a),
          f.op("f64x2.convert_low_i32x4_s", b),
        ),
      ),
    );
  const upper = (x: Local) => f.shuffle(x, x, [2, 3, 2, 3]);
  const quotient = f.shuffle(
    half(dividend, divisor),
    half(upper(dividend), upper(divisor)),
    [0, 1, 4, 5],
  );
  // The opposite of the smallest number is itself, not the largest that the conversion stops at.
  const wrapped = code.select(
    f.op("i32x4.eq", divisor, f.i32x4(-1)),
    f.op("i32x4.neg", dividend),
    quotient,
  );
  const isNothing = f.op("i32x4.eq", divisor, f.i32x4(0));
  return f.op("v128.andnot", wrapped, isNothing);
}

/**
 * Writes whole numbers shifted by others, lane by lane: there is no instruction for four counts.
 *
 * @param code Where to write.
 * @param operands What is shifted, and by how many bits, of which five count.
 * @param name In which direction.
 * @returns The shifted numbers.
 */
export function emitShift(
  { f }: VectorCode,
  [x, count]: readonly [x: Local, count: Local],
  name: "i32.shl" | "i32.shr_s",
): Local {
  return [0, 1, 2, 3].reduce((result, lane) => {
    const shifted = f.op(
      name,
      f.lane("i32x4.extract_lane", lane, x),
      f.lane("i32x4.extract_lane", lane, count),
    );
    return f.lane("i32x4.replace_lane", lane, result, shifted);
  }, x);
}
