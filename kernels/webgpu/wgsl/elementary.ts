/**
 * Exponentials, logarithms and what is made of them, for shaders.
 *
 * Numerics: the forms and coefficients are those of the Wasm backend; each states its bound.
 *
 * @module
 */
import {
  type ElementaryName,
  type Helper,
  helper,
  polynomial,
} from "./helper.ts";

/** An odd function that goes to ±1 as x P(x²) / Q(x²). */
function oddRational(
  name: string,
  { over, under, end }: {
    readonly over: readonly number[];
    readonly under: readonly number[];
    readonly end: number;
  },
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
  let r = fma(-h, 2.857213640e-6, fma(-h, 1.386291503906250, b));
  let p = ${
      polynomial("r", [
        1,
        1,
        0.500000345432,
        0.166666143075,
        0.0416612785896,
        0.00833609748213,
        0.00141042631153,
        0.000196118560845,
      ])
    };
  let f = bitcast<f32>(u32(i32(h) + 127) << 23u);
  return select(p * f * f, x, isNan(x));
}`,
  ),
  // At most 4 units in the last place, as in the Wasm backend.
  fExpm1: helper(
    ["fExp"],
    `fn fExpm1(x: f32) -> f32 {
  let near = x * fma(x, ${
      polynomial("x", [
        0.500000345432,
        0.166666143075,
        0.0416612785896,
        0.00833609748213,
        0.00141042631153,
        0.000196118560845,
      ])
    }, 1.0);
  return select(fExp(x) - 1.0, near, abs(x) <= ${Math.LN2});
}`,
  ),
  // At most 2 units in the last place: ln(2^e (1 + t)) with 1 + t from √½ to √2.
  fLogOf: helper(
    [],
    `fn fLogOf(e: f32, t: f32) -> f32 {
  let s = t * t;
  let tail = fma(e, -2.12194440e-4, t * s * (${
      polynomial("t", [
        0.33333331696,
        -0.250008209793,
        0.200012275126,
        -0.166233597759,
        0.142017478745,
        -0.131601509164,
        0.127616264509,
        -0.0763463141031,
      ])
    }));
  return fma(e, 0.693359375, t + fma(s, -0.5, tail));
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
  let ends = select(select(ofBits(0x7fc00000u), ofBits(0xff800000u), x == 0.0), x, isNan(x));
  return select(select(ends, y, x > 0.0), x, bitcast<u32>(x) == 0x7f800000u);
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
  let angle = base + fma(t * z, ${
      polynomial("z", [
        -0.33332949136,
        0.19977709927,
        -0.13877677592,
        0.080537187677,
      ])
    }, t);
  return select(select(angle, -angle, x < 0.0), x, isNan(x));
}`,
  ),
  // At most 6 units in the last place, as `fErf`.
  fTanh: oddRational("fTanh", {
    over: [
      1.77029383,
      0.23676753,
      0.00617445307,
      3.62577593e-05,
      2.33281465e-08,
    ],
    under: [
      1.77029383,
      0.826865137,
      0.0457574837,
      0.000579403422,
      1.36384494e-06,
    ],
    end: 9.1,
  }),
  fErf: oddRational("fErf", {
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
  }),
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
