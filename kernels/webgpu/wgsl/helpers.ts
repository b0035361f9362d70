/**
 * Functions that shaders are given where they use them. WGSL promises little of its own: nothing of
 * NaN and infinities, and of sines no more than 11 bits.
 *
 * Numerics: the forms are those of the Wasm backend; each states its bound.
 *
 * @module
 */
import { COS_TAIL, SIN_TAIL } from "../../approximations.ts";
import { ELEMENTARY_HELPERS } from "./elementary.ts";
import { type Helper, helper, type HelperName, polynomial } from "./helper.ts";
import { OVER_ZERO, TIMES_SPECIAL } from "./special_values.ts";

/** The functions by name. */
export const HELPERS: Readonly<Record<HelperName, Helper>> = {
  ...ELEMENTARY_HELPERS,
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
  iFloorDivide: helper(
    [],
    `fn iFloorDivide(a: i32, b: i32) -> i32 {
  if (b == 0) { return 0; }
  let q = a / b;
  return select(q, q - 1, q * b != a && (a < 0) != (b < 0));
}`,
  ),
  // Exact: what is taken off is the divisor times a power of two, and at least half of what is left.
  fRemainder: helper(
    ["ofBits", "isInfinite", "isNan"],
    `fn fRemainder(a: f32, b: f32) -> f32 {
  let y = abs(b);
  if (isNan(a) || isInfinite(a) || isNan(b) || y == 0.0) { return ofBits(0x7fc00000u); }
  var r = abs(a);
  var t = y;
  while (t <= r * 0.5) { t = t * 2.0; }
  while (r >= y) {
    if (r >= t) { r = r - t; }
    t = t * 0.5;
  }
  let isOther = r != 0.0 && (a < 0.0) != (b < 0.0);
  let size = select(r, y - r, isOther);
  return select(size, -size, b < 0.0);
}`,
  ),
  fSign: helper(
    [],
    `fn fSign(x: f32) -> f32 { return select(select(x, -1.0, x < 0.0), 1.0, x > 0.0); }`,
  ),
  quarterTurn: helper(
    [],
    `fn quarterTurn(r: f32) -> vec2<f32> {
  let s = r * r;
  let sine = fma(r * s, ${polynomial("s", SIN_TAIL)}, r);
  let cosine = fma(s * s, ${polynomial("s", COS_TAIL)}, fma(s, -0.5, 1.0));
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
