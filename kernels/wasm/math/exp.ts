import { EXP_TAIL, TWO_LN2 } from "../../approximations.ts";
import type { FunctionReference, Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";
import { emitExpNear } from "./exp_near.ts";

/**
 * Adding it to a number below 2^21 leaves the nearest whole number in the lowest bits, with the bias
 * of an exponent on it.
 */
const ROUNDER = 1.5 * 2 ** 23 + 127;

/** Below, a power is nearer to 0 than to any number. */
const LOWEST = -104;
/** Here a power is infinite. */
const HIGHEST = 89;
/** Up to here on both sides results are normal numbers. */
const NEAR = 87;

/**
 * Writes e^x.
 *
 * Numerics: at most 2 ULP, 3 without relaxed SIMD, denormal results included. `exp(-Infinity)` is 0,
 * `exp(Infinity)` and what exceeds `f32` are `Infinity`.
 *
 * Cost: vectors of which a lane is beyond ±87 take three times as long, and thirty times where the
 * result is denormal.
 *
 * @param code Where to write.
 * @param x The exponent.
 * @returns The power.
 */
export function emitExp(code: VectorCode, x: Local): Local {
  const { f } = code;
  const distance = f.op("v128.and", x, f.i32x4(0x7fffffff));
  const isFar = f.op("f32x4.gt", distance, f.f32x4(NEAR));
  const power = f.local("v128");
  f.if(
    f.op("v128.any_true", isFar),
    () => f.copy(power, f.call(expFarHelper(code), x)),
    () => f.copy(power, emitExpNear(code, x)),
  );
  return power;
}

/**
 * A function for e^x of whatever x.
 *
 * Source: x = 2 h ln 2 + r with whole h and |r| <= ln 2, so e^x = 2^h 2^h e^r: two factors, because
 * 2^(2h) itself may be out of range.
 */
function expFarHelper({ module }: VectorCode): FunctionReference {
  const signature = { parameters: ["v128"], results: ["v128"] } as const;
  return module.helper("exp", signature, (code) => {
    const { f } = code;
    const x = f.parameter(0);
    // Processors take a hundred cycles where a product vanishes, so 0 is not computed.
    const isZero = f.op("f32x4.lt", x, f.f32x4(LOWEST));
    const bounded = f.op(
      "f32x4.pmin",
      f.op("v128.andnot", x, isZero),
      f.f32x4(HIGHEST),
    );
    const shifted = code.madd(
      bounded,
      f.f32x4(0.5 / Math.LN2),
      f.f32x4(ROUNDER),
    );
    const h = f.op("f32x4.sub", shifted, f.f32x4(ROUNDER));
    const r = code.nmadd(
      h,
      f.f32x4(TWO_LN2.low),
      code.nmadd(h, f.f32x4(TWO_LN2.high), bounded),
    );
    const power = code.polynomial(r, [1, 1, ...EXP_TAIL]);
    // The whole number's bits become an exponent; what is above them is shifted out.
    const factor = f.op("i32x4.shl", shifted, 23);
    const result = f.op("f32x4.mul", f.op("f32x4.mul", power, factor), factor);
    f.result(f.op("v128.andnot", result, isZero));
  });
}
