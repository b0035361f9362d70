/**
 * Sets of the values that a plugin may have: absent, or one of its choices. A set is a number with a
 * bit for each value, bit 0 for absent. Plugins with up to 30 choices get by with numbers that the
 * engine computes with at once; the others have big ones, and every set below 2 ** 31 is a small one,
 * so that equal sets are equal values.
 *
 * @module
 */

/** A set of values. */
export type Values = number | bigint;

/** No value at all. */
export const NONE: Values = 0;

/** The value of a plugin that is not taken. */
export const ABSENT: Values = 1;

const BITS_SMALL = 31;
const LIMIT_SMALL = 2n ** 31n;

function normal(set: bigint): Values {
  return set < LIMIT_SMALL ? Number(set) : set;
}

/**
 * The value of a choice.
 *
 * @param place Its place among the choices.
 * @returns The set of it alone.
 */
export function valueOf(place: number): Values {
  return place + 1 < BITS_SMALL ? 1 << (place + 1) : 1n << BigInt(place + 1);
}

/**
 * The choice that a value is.
 *
 * @param value One value, not {@linkcode ABSENT}.
 * @returns Its place among the choices.
 */
export function placeOf(value: Values): number {
  return typeof value === "number"
    ? 30 - Math.clz32(value)
    : value.toString(2).length - 2;
}

/**
 * All values that a plugin may have.
 *
 * @param choices How many choices there are.
 * @returns The set.
 */
export function allValues(choices: number): Values {
  return normal((1n << BigInt(choices + 1)) - 1n);
}

/**
 * What is in both sets.
 *
 * @param a One set.
 * @param b The other.
 * @returns Their intersection.
 */
export function both(a: Values, b: Values): Values {
  return typeof a === "number" && typeof b === "number"
    ? a & b
    : normal(BigInt(a) & BigInt(b));
}

/**
 * What is in one set or the other.
 *
 * @param a One set.
 * @param b The other.
 * @returns Their union.
 */
export function either(a: Values, b: Values): Values {
  return typeof a === "number" && typeof b === "number"
    ? a | b
    : normal(BigInt(a) | BigInt(b));
}

/**
 * What is in one set but not in the other.
 *
 * @param a The one.
 * @param b The other.
 * @returns Their difference.
 */
export function without(a: Values, b: Values): Values {
  return typeof a === "number" && typeof b === "number"
    ? a & ~b
    : normal(BigInt(a) & ~BigInt(b));
}

/**
 * Tells whether all of one set is in another.
 *
 * @param inner The one.
 * @param outer The other.
 * @returns Whether it is.
 */
export function isWithin(inner: Values, outer: Values): boolean {
  return typeof inner === "number" && typeof outer === "number"
    ? (inner & ~outer) === 0
    : without(inner, outer) === NONE;
}

/**
 * Tells whether two sets share a value.
 *
 * @param a One set.
 * @param b The other.
 * @returns Whether they do.
 */
export function overlap(a: Values, b: Values): boolean {
  return both(a, b) !== NONE;
}

/**
 * The first value of a set, which is the best one.
 *
 * @param set The set, not empty.
 * @returns The value.
 */
export function firstOf(set: Values): Values {
  return typeof set === "number" ? set & -set : normal(set & -set);
}
