/**
 * Exponentials, logarithms and what is made of them, for shaders.
 *
 * Numerics: the forms are those of the Wasm backend; each states its bound.
 *
 * @module
 */
import {
  ATAN_TAIL,
  ERF,
  EXP_TAIL,
  LN2,
  LOG_TAIL,
  type OddRational,
  TANH,
  TWO_LN2,
} from "../../approximations.ts";
import {
  type ElementaryName,
  type Helper,
  helper,
  polynomial,
} from "./helper.ts";

/** An odd function that goes to ±1 as x P(x²) / Q(x²). */
function oddRational(
  name: string,
  { over, under, end }: OddRational,
): Helper {
  return helper(
    ["isNan"],
    `fn ${name}(x: f32) -> f32 {
  let t = min(x * x, ${end * end});
  let q = x * (${polynomial("t", over)}) / (${polynomial("t", under)});
  return select(clamp(q, -1.0, 1.0), x, isNan(x));
}`,
  );
}

/** The functions by name. */
export const ELEMENTARY_HELPERS: Readonly<Record<ElementaryName, Helper>> = {
  // At most 2 units in the last place: x = 2 h ln 2 + r, so e^x = 2^h 2^h e^r.
  fExp: helper(
    ["isNan"],
    `fn fExp(x: f32) -> f32 {
  let b = clamp(x, -104.0, 89.0);
  let h = round(b * ${0.5 / Math.LN2});
  let r = fma(-h, ${TWO_LN2.low}, fma(-h, ${TWO_LN2.high}, b));
  let p = ${polynomial("r", [1, 1, ...EXP_TAIL])};
  let f = bitcast<f32>(u32(i32(h) + 127) << 23u);
  return select(p * f * f, x, isNan(x));
}`,
  ),
  // At most 4 units in the last place, as in the Wasm backend.
  fExpm1: helper(
    ["fExp"],
    `fn fExpm1(x: f32) -> f32 {
  let near = x * fma(x, ${polynomial("x", EXP_TAIL)}, 1.0);
  return select(fExp(x) - 1.0, near, abs(x) <= ${Math.LN2});
}`,
  ),
  // At most 2 units in the last place: ln(2^e (1 + t)) with 1 + t from √½ to √2.
  fLogOf: helper(
    [],
    `fn fLogOf(e: f32, t: f32) -> f32 {
  let s = t * t;
  let tail = fma(e, ${LN2.low}, t * s * (${polynomial("t", LOG_TAIL)}));
  return fma(e, ${LN2.high}, t + fma(s, -0.5, tail));
}`,
  ),
  fLog: helper(
    ["fLogOf", "ofBits", "isNan"],
    `fn fLog(x: f32) -> f32 {
  let tiny = x < 1.1754944e-38;
  let bits = bitcast<i32>(select(x, x * 8388608.0, tiny));
  let e = (bits - 0x3f3504f3) >> 23u;
  let t = bitcast<f32>(bits - (e << 23u)) - 1.0;
  let y = fLogOf(f32(e) - select(0.0, 23.0, tiny), t);
  let ends = select(ofBits(0x7fc00000u), ofBits(0xff800000u), x == 0.0);
  return select(select(ends, y, x > 0.0), x, isNan(x) || bitcast<u32>(x) == 0x7f800000u);
}`,
  ),
  // At most 4 units in the last place. Near 0 nothing is rounded that a driver could put in another order.
  fLog1p: helper(
    ["fLog", "fLogOf"],
    `fn fLog1p(x: f32) -> f32 {
  return select(fLog(1.0 + x), fLogOf(0.0, x), abs(x) <= 0.29);
}`,
  ),
  // At most 3 units in the last place: angles up to π/8, and what is added to them.
  fAtan: helper(
    ["isNan"],
    `fn fAtan(x: f32) -> f32 {
  let a = abs(x);
  let high = a > 2.4142135;
  let low = a <= 0.41421357;
  let over = select(select(a - 1.0, -1.0, high), a, low);
  let under = select(select(a + 1.0, a, high), 1.0, low);
  let base = select(select(${Math.PI / 4}, ${Math.PI / 2}, high), 0.0, low);
  let t = select(over / under, 0.0, a > 3e38);
  let z = t * t;
  let angle = base + fma(t * z, ${polynomial("z", ATAN_TAIL)}, t);
  return select(select(angle, -angle, x < 0.0), x, isNan(x));
}`,
  ),
  // At most 6 units in the last place, as `fErf`.
  fTanh: oddRational("fTanh", TANH),
  fErf: oddRational("fErf", ERF),
  fSigmoid: helper(
    ["fExp"],
    `fn fSigmoid(x: f32) -> f32 { return 1.0 / (1.0 + fExp(-x)); }`,
  ),
  // |y ln x| ≤ 88 may be off by half a unit of its last place, which is 32 units of the power's.
  fPow: helper(
    ["fExp", "fLog", "ofBits", "isInfinite"],
    `fn fPow(x: f32, y: f32) -> f32 {
  let size = fExp(y * fLog(abs(x)));
  let isWhole = trunc(y) == y;
  let isOdd = isWhole && trunc(y * 0.5) != y * 0.5;
  let isNegative = bitcast<u32>(x) >= 0x80000000u;
  let signed = select(size, -size, isNegative && isOdd);
  let hasNone = x < 0.0 && !isWhole && !isInfinite(x);
  return select(select(signed, ofBits(0x7fc00000u), hasNone), 1.0, y == 0.0);
}`,
  ),
};
