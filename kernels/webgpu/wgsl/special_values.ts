/**
 * Results that are not finite, for operands that are the same number everywhere: drivers that work these
 * out themselves give 0.
 *
 * @module
 */

/** `x / 0`. */
export const OVER_ZERO = `fn fOverZero(x: f32) -> f32 {
  let end = select(ofBits(0xff800000u), ofBits(0x7f800000u), x > 0.0);
  return select(end, ofBits(0x7fc00000u), x == 0.0 || isNan(x));
}`;

/** `x * special`, where that is infinite or `NaN`. */
export const TIMES_SPECIAL = `fn fTimesSpecial(x: f32, special: f32) -> f32 {
  let isNone = x == 0.0 || isNan(x) || isNan(special);
  return select(select(-special, special, x > 0.0), ofBits(0x7fc00000u), isNone);
}`;
