/**
 * Functions that shaders are given where they use them. WGSL promises little of its own: nothing of
 * NaN and infinities, and of sines no more than 11 bits.
 *
 * Numerics: the forms and coefficients are those of the Wasm backend; each states its bound.
 *
 * @module
 */
import { OVER_ZERO, TIMES_SPECIAL } from "./special_values.ts";

/** A function in WGSL. */
export interface Helper {
  /** Its text. */
  readonly text: string;
  /** Those that it calls. */
  readonly needs: readonly HelperName[];
}

/** Names of the functions. */
export type HelperName =
  | "ofBits"
  | "isNan"
  | "isInfinite"
  | "fMax"
  | "fMin"
  | "fZeroOf"
  | "fOverZero"
  | "fTimesSpecial"
  | "fSign"
  | "fExp"
  | "fLog"
  | "fLogOf"
  | "fSin"
  | "fCos"
  | "fTanh"
  | "fErf"
  | "fSigmoid"
  | "fPow"
  | "fToI32"
  | "f16Bits"
  | "f16Value"
  | "bf16Bits"
  | "bf16Value"
  | "multiplyHigh"
  | "philox"
  | "quarterTurn"
  | "turned"
  | "reduceAngle";

/** Writes a polynomial by Horner's rule. */
function polynomial(x: string, coefficients: readonly number[]): string {
  return coefficients.reduceRight<string>(
    (text, each) => text === "" ? `${each}` : `fma(${text}, ${x}, ${each})`,
    "",
  );
}

function helper(needs: readonly HelperName[], text: string): Helper {
  return { needs, text };
}

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
export const HELPERS: Readonly<Record<HelperName, Helper>> = {
  // A call, because WGSL evaluates constants itself and takes neither NaN nor infinity for one.
  ofBits: helper(
    [],
    `fn ofBits(bits: u32) -> f32 { return bitcast<f32>(bits); }`,
  ),
  isNan: helper(
    [],
    `fn isNan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }`,
  ),
  isInfinite: helper(
    [],
    `fn isInfinite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u; }`,
  ),
  fMax: helper(
    ["isNan"],
    `fn fMax(a: f32, b: f32) -> f32 { return select(select(b, a, a > b), a, isNan(a)); }`,
  ),
  fMin: helper(
    ["isNan"],
    `fn fMin(a: f32, b: f32) -> f32 { return select(select(b, a, a < b), a, isNan(a)); }`,
  ),
  fZeroOf: helper(
    ["ofBits"],
    `fn fZeroOf(x: f32) -> f32 {
  return select(0.0, ofBits(0x7fc00000u), (bitcast<u32>(x) & 0x7f800000u) == 0x7f800000u);
}`,
  ),
  fOverZero: helper(["isNan", "ofBits"], OVER_ZERO),
  fTimesSpecial: helper(["isNan", "ofBits"], TIMES_SPECIAL),
  fSign: helper(
    [],
    `fn fSign(x: f32) -> f32 { return select(select(x, -1.0, x < 0.0), 1.0, x > 0.0); }`,
  ),
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
  quarterTurn: helper(
    [],
    `fn quarterTurn(r: f32) -> vec2<f32> {
  let s = r * r;
  let sine = fma(r * s, ${
      polynomial("s", [-0.166666549435, 0.00833217813941, -0.000195172982671])
    }, r);
  let cosine = fma(s * s, ${
      polynomial("s", [0.0416666468665, -0.00138873675175, 2.44384517051e-5])
    }, fma(s, -0.5, 1.0));
  return vec2<f32>(sine, cosine);
}`,
  ),
  turned: helper(
    ["quarterTurn"],
    `fn turned(r: f32, quarter: i32) -> f32 {
  let both = quarterTurn(r);
  let value = select(both.x, both.y, (quarter & 1) != 0);
  return select(value, -value, (quarter & 2) != 0);
}`,
  ),
  // Takes quarters of a turn off: by Cody and Waite below, with products that are exact whether or not
  // the device has a multiply-add; by Payne and Hanek (1983) beyond, with the
  // first 192 bits of 2/π. What is left, and how many quarters.
  reduceAngle: helper(
    ["multiplyHigh"],
    `fn reduceAngle(x: f32) -> vec2<f32> {
  if (abs(x) < 8192.0) {
    let j = round(x * ${2 / Math.PI});
    let r = ((x - j * 1.5703125) - j * 4.837512969970703125e-4) - j * 7.549789954891882e-8;
    return vec2<f32>(r, j);
  }
  var table = array<u32, 8>(0u, 0x28be60dbu, 0x9391054au, 0x7f09d5f4u, 0x7d4d3770u, 0x36d8a566u, 0x4f10e410u, 0x7f9458eau);
  let bits = bitcast<u32>(x);
  let m = ((bits & 0x007fffffu) << 8u) | 0x80000000u;
  let e = ((bits >> 23u) & 0xffu) - 126u;
  let at = min(e >> 5u, 4u);
  let shift = e & 31u;
  var high = table[at];
  var middle = table[at + 1u];
  var low = table[at + 2u];
  if (shift != 0u) {
    high = (high << shift) | (middle >> (32u - shift));
    middle = (middle << shift) | (low >> (32u - shift));
    low = (low << shift) | (table[at + 3u] >> (32u - shift));
  }
  let carry = multiplyHigh(m, low);
  var fraction = m * middle + carry;
  var whole = multiplyHigh(m, middle) + select(0u, 1u, fraction < carry) + m * high;
  var quarter = i32(whole >> 30u);
  whole = whole & 0x3fffffffu;
  let isUpper = (whole & 0x20000000u) != 0u;
  if (isUpper) {
    quarter = quarter + 1;
    whole = (~whole & 0x3fffffffu) + select(0u, 1u, fraction == 0u);
    fraction = 0u - fraction;
  }
  let lead = countLeadingZeros(whole | 1u);
  let top = (whole << lead) | select(0u, fraction >> (32u - lead), lead != 0u);
  let size = f32(top) * bitcast<f32>((127u - lead - 30u) << 23u) * ${
      Math.PI / 2
    };
  let r = select(size, -size, isUpper);
  if (x < 0.0) { return vec2<f32>(-r, -f32(quarter)); }
  return vec2<f32>(r, f32(quarter));
}`,
  ),
  fSin: helper(
    ["reduceAngle", "turned", "ofBits", "isNan", "isInfinite"],
    `fn fSin(x: f32) -> f32 {
  let a = reduceAngle(x);
  let y = turned(a.x, i32(a.y));
  return select(y, ofBits(0x7fc00000u), isNan(x) || isInfinite(x));
}`,
  ),
  fCos: helper(
    ["reduceAngle", "turned", "ofBits", "isNan", "isInfinite"],
    `fn fCos(x: f32) -> f32 {
  let a = reduceAngle(x);
  let y = turned(a.x, i32(a.y) + 1);
  return select(y, ofBits(0x7fc00000u), isNan(x) || isInfinite(x));
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
  fToI32: helper(
    ["isNan"],
    `fn fToI32(x: f32) -> i32 {
  let inside = i32(clamp(x, -2147483648.0, 2147483520.0));
  return select(select(inside, 2147483647, x >= 2147483648.0), 0, isNan(x));
}`,
  ),
  f16Bits: helper(
    [],
    `fn f16Bits(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  let sign = (bits >> 16u) & 0x8000u;
  let size = bits & 0x7fffffffu;
  // A half has a unit in the last place that is the smallest float16.
  let small = bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u;
  let normal = (size - 0x38000000u + 0xfffu + ((size >> 13u) & 1u)) >> 13u;
  var result = select(normal, small, size < 0x38800000u);
  result = select(result, 0x7c00u, size >= 0x477ff000u);
  return sign | select(result, 0x7e00u, size > 0x7f800000u);
}`,
  ),
  f16Value: helper(
    [],
    `fn f16Value(half: u32) -> f32 {
  let sign = (half & 0x8000u) << 16u;
  let e = (half >> 10u) & 31u;
  let m = half & 0x3ffu;
  let normal = ((e + 112u) << 23u) | (m << 13u);
  let special = 0x7f800000u | (m << 13u);
  let small = bitcast<u32>(f32(m) * 5.9604644775390625e-8);
  return bitcast<f32>(sign | select(select(normal, special, e == 31u), small, e == 0u));
}`,
  ),
  bf16Bits: helper(
    [],
    `fn bf16Bits(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  let rounded = (bits + 0x7fffu + ((bits >> 16u) & 1u)) >> 16u;
  return select(rounded, (bits >> 16u) | 0x40u, (bits & 0x7fffffffu) > 0x7f800000u);
}`,
  ),
  bf16Value: helper(
    [],
    `fn bf16Value(half: u32) -> f32 { return bitcast<f32>(half << 16u); }`,
  ),
  multiplyHigh: helper(
    [],
    `fn multiplyHigh(a: u32, b: u32) -> u32 {
  let al = a & 0xffffu;
  let ah = a >> 16u;
  let bl = b & 0xffffu;
  let bh = b >> 16u;
  let middle = ah * bl + ((al * bl) >> 16u);
  let carry = al * bh + (middle & 0xffffu);
  return ah * bh + (middle >> 16u) + (carry >> 16u);
}`,
  ),
  // Philox4x32-10, as in core/base/random.ts.
  philox: helper(
    ["multiplyHigh"],
    `fn philox(key: vec2<u32>, block: u32, draw: u32) -> vec4<u32> {
  var c = vec4<u32>(block, 0u, draw, 0u);
  var k = key;
${
      Array.from({ length: 10 }, () =>
        `  c = vec4<u32>(multiplyHigh(0xCD9E8D57u, c.z) ^ c.y ^ k.x, 0xCD9E8D57u * c.z, multiplyHigh(0xD2511F53u, c.x) ^ c.w ^ k.y, 0xD2511F53u * c.x);
  k = k + vec2<u32>(0x9E3779B9u, 0xBB67AE85u);`).join("\n")
    }
  return c;
}`,
  ),
};
