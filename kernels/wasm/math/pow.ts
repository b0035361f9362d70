import type { FunctionReference, Local } from "../assembler/function_types.ts";
import type { VectorCode } from "../lanes/vector_code.ts";

/** log2(m) / s in powers of s^2, s = (m - 1) / (m + 1), for m from √½ to √2, minimax. */
const LOG2 = [
  2.88539008177785001,
  0.961796694113304894,
  0.577077942377173642,
  0.412209251024604717,
  0.31990575605893431,
  0.282899270080032357,
];

/** 2^r for |r| <= ½, minimax. */
const EXP2 = [
  1.00000000055396354,
  0.693147205738075355,
  0.24022646891448965,
  0.0555032877546717414,
  0.00961848889225247952,
  0.00133999317164959252,
  0.000153458263905810976,
];

/** The upper half of the bits of √½ as `f64`. */
const SQRT_HALF_BITS = 0x3fe6a09e;
const F32_MAX = 3.4028234663852886e38;

/**
 * Writes a function of the module that computes powers, with the ends of `Math.pow`.
 *
 * Numerics: at most 1 ULP: both logarithm and power are computed in `f64`.
 *
 * @param code Some code of the module.
 * @returns The function, from bases and exponents to powers.
 */
export function powHelper(code: VectorCode): FunctionReference {
  const signature = {
    parameters: ["v128", "v128"],
    results: ["v128"],
  } as const;
  return code.module.helper("pow", signature, (body) => {
    const { f } = body;
    const [base, exponent] = [f.parameter(0), f.parameter(1)];
    const [low, high] = emitLog2(body, f.op("f32x4.abs", base));
    const upper = f.shuffle(exponent, exponent, [2, 3, 2, 3]);
    const power = f.shuffle(
      emitExp2(body, low, exponent),
      emitExp2(body, high, upper),
      [0, 1, 4, 5],
    );
    f.result(withSigns(body, power, { base, exponent }));
  });
}

/** The binary logarithms of four lanes, as two pairs of `f64`. */
function emitLog2(
  code: VectorCode,
  x: Local,
): readonly [low: Local, high: Local] {
  const { f } = code;
  const low = f.op("f64x2.promote_low_f32x4", x);
  const high = f.op(
    "f64x2.promote_low_f32x4",
    f.shuffle(x, x, [2, 3, 2, 3]),
  );
  const bits = f.shuffle(low, high, [1, 3, 5, 7]);
  const exponent = f.op(
    "i32x4.shr_s",
    f.op("i32x4.sub", bits, f.i32x4(SQRT_HALF_BITS)),
    20,
  );
  const mantissa = f.op("i32x4.sub", bits, f.op("i32x4.shl", exponent, 20));
  return [
    emitLog2Pair(code, low, {
      mantissa: f.shuffle(low, mantissa, [0, 4, 2, 5]),
      exponent,
    }),
    emitLog2Pair(code, high, {
      mantissa: f.shuffle(high, mantissa, [0, 6, 2, 7]),
      exponent: f.shuffle(exponent, exponent, [2, 3, 2, 3]),
    }),
  ];
}

function emitLog2Pair(
  code: VectorCode,
  x: Local,
  { mantissa, exponent }: {
    readonly mantissa: Local;
    readonly exponent: Local;
  },
): Local {
  const { f } = code;
  const one = f.f64x2(1);
  const s = f.op(
    "f64x2.div",
    f.op("f64x2.sub", mantissa, one),
    f.op("f64x2.add", mantissa, one),
  );
  const log = f.op(
    "f64x2.add",
    f.op("f64x2.convert_low_i32x4_s", exponent),
    f.op(
      "f64x2.mul",
      s,
      code.polynomialF64(f.op("f64x2.mul", s, s), LOG2),
    ),
  );
  const orZero = f.op(
    "v128.bitselect",
    f.f64x2(-Infinity),
    log,
    f.op("f64x2.eq", x, f.f64x2(0)),
  );
  // The logarithm of infinity is infinity, that of NaN is NaN.
  const isFinite = f.op("f64x2.le", x, f.f64x2(F32_MAX));
  return f.op("v128.bitselect", orZero, x, isFinite);
}

/** 2^(log · exponent) of two lanes, rounded to `f32` in the lower half. */
function emitExp2(code: VectorCode, log: Local, exponent: Local): Local {
  const { f } = code;
  const product = f.op(
    "f64x2.mul",
    log,
    f.op("f64x2.promote_low_f32x4", exponent),
  );
  const bounded = f.op(
    "f64x2.pmin",
    f.op("f64x2.pmax", product, f.f64x2(-200)),
    f.f64x2(200),
  );
  const n = f.op("f64x2.nearest", bounded);
  const power = code.polynomialF64(f.op("f64x2.sub", bounded, n), EXP2);
  const upper = f.op(
    "i32x4.shl",
    f.op(
      "i32x4.add",
      f.op("i32x4.trunc_sat_f64x2_s_zero", n),
      f.i32x4(1023),
    ),
    20,
  );
  const factor = f.shuffle(f.i32x4(0), upper, [0, 4, 0, 5]);
  return f.op(
    "f32x4.demote_f64x2_zero",
    f.op("f64x2.mul", power, factor),
  );
}

/** What a negative base and an exponent of 0 make of a power. */
function withSigns(
  code: VectorCode,
  power: Local,
  { base, exponent }: { readonly base: Local; readonly exponent: Local },
): Local {
  const { f } = code;
  const zero = f.f32x4(0);
  const isWhole = f.op("f32x4.eq", f.op("f32x4.trunc", exponent), exponent);
  const half = f.op("f32x4.mul", exponent, f.f32x4(0.5));
  const isOdd = f.op(
    "v128.and",
    isWhole,
    f.op("f32x4.ne", f.op("f32x4.trunc", half), half),
  );
  const sign = f.op(
    "v128.and",
    f.op("v128.and", base, isOdd),
    f.i32x4(-(2 ** 31)),
  );
  const isNegative = f.op(
    "v128.and",
    f.op("f32x4.lt", base, zero),
    f.op("f32x4.gt", base, f.f32x4(-Infinity)),
  );
  const hasNoPower = f.op("v128.andnot", isNegative, isWhole);
  const real = f.op("v128.or", f.op("v128.xor", power, sign), hasNoPower);
  return code.select(f.op("f32x4.eq", exponent, zero), f.f32x4(1), real);
}
