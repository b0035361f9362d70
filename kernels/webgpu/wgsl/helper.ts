/**
 * What a function is that shaders are given, and how one is written.
 *
 * @module
 */

/** A function in WGSL. */
export interface Helper {
  /** Its text. */
  readonly text: string;
  /** Those that it calls. */
  readonly needs: readonly HelperName[];
}

/** Names of exponentials, logarithms and what is made of them. */
export type ElementaryName =
  | "fAtan"
  | "fErf"
  | "fExp"
  | "fExpm1"
  | "fLog"
  | "fLog1p"
  | "fLogOf"
  | "fPow"
  | "fSigmoid"
  | "fTanh";

/** Names of the functions. */
export type HelperName =
  | ElementaryName
  | "ofBits"
  | "isNan"
  | "isInfinite"
  | "fMax"
  | "fMin"
  | "fZeroOf"
  | "fOverZero"
  | "fTimesSpecial"
  | "fRemainder"
  | "fSign"
  | "iFloorDivide"
  | "fSin"
  | "fCos"
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

/**
 * Writes a polynomial by Horner's rule.
 *
 * @param x The text of where.
 * @param coefficients From the constant upwards.
 * @returns Its text.
 */
export function polynomial(x: string, coefficients: readonly number[]): string {
  return coefficients.reduceRight<string>(
    (text, each) => text === "" ? `${each}` : `fma(${text}, ${x}, ${each})`,
    "",
  );
}

/**
 * Describes a function.
 *
 * @param needs The functions that it calls.
 * @param text Its text.
 * @returns The function.
 */
export function helper(needs: readonly HelperName[], text: string): Helper {
  return { needs, text };
}
