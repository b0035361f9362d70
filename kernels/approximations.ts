/**
 * What elementary functions are approximated by in `float32`, on every backend that generates code: one set
 * of coefficients, so that results differ by roundings alone.
 *
 * Numerics: minimax, by a Remez exchange for each; coefficients stand from the constant upwards.
 *
 * @module
 */

/** A number in two parts: products of the first with whole numbers are exact. */
export interface SplitConstant {
  /** Its leading bits. */
  readonly high: number;
  /** The rest. */
  readonly low: number;
}

/** ln 2, the first part of 9 bits. */
export const LN2: SplitConstant = { high: 0.693359375, low: -2.12194440e-4 };

/** 2 ln 2, the first part of 16 bits. */
export const TWO_LN2: SplitConstant = {
  high: 1.386291503906250,
  low: 2.857213640e-6,
};

/** (e^r - 1 - r) / r^2 for |r| <= ln 2. */
export const EXP_TAIL: readonly number[] = [
  0.500000345432,
  0.166666143075,
  0.0416612785896,
  0.00833609748213,
  0.00141042631153,
  0.000196118560845,
];

/** (ln(1 + t) - t + t^2 / 2) / t^3 for 1 + t from √½ to √2. */
export const LOG_TAIL: readonly number[] = [
  0.33333331696,
  -0.250008209793,
  0.200012275126,
  -0.166233597759,
  0.142017478745,
  -0.131601509164,
  0.127616264509,
  -0.0763463141031,
];

/** (atan(t) - t) / t^3 in powers of t^2 for |t| <= tan ⅛ π. */
export const ATAN_TAIL: readonly number[] = [
  -0.33332949136,
  0.19977709927,
  -0.13877677592,
  0.080537187677,
];

/** (sin r - r) / r^3 in powers of r^2 for |r| <= ¼ π. */
export const SIN_TAIL: readonly number[] = [
  -0.166666549435,
  0.00833217813941,
  -0.000195172982671,
];

/** (cos r - 1 + ½ r^2) / r^4 in powers of r^2 for |r| <= ¼ π. */
export const COS_TAIL: readonly number[] = [
  0.0416666468665,
  -0.00138873675175,
  2.44384517051e-5,
];

/**
 * An odd function that goes to ±1: `x P(t) / Q(t)` with `t = x^2`. The common factor of P and Q is the one
 * that rounds best.
 */
export interface OddRational {
  /** Coefficients of P. */
  readonly over: readonly number[];
  /** Coefficients of Q. */
  readonly under: readonly number[];
  /** From here on the function is ±1. */
  readonly end: number;
}

/** The hyperbolic tangent. */
export const TANH: OddRational = {
  over: [1.77029383, 0.23676753, 0.00617445307, 3.62577593e-05, 2.33281465e-08],
  under: [
    1.77029383,
    0.826865137,
    0.0457574837,
    0.000579403422,
    1.36384494e-06,
  ],
  end: 9.1,
};

/** The error function. */
export const ERF: OddRational = {
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
};
