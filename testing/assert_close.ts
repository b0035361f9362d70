import { assertNumber } from "../nn/check/assert_number.ts";
import { assertNumbers } from "../nn/check/assert_numbers.ts";
import { optionsOf } from "../ops/mod.ts";

/** A failed assertion of a testing helper. */
export class AssertionError extends Error {
  /**
   * Constructs a new instance.
   *
   * @param message What was found and what was wanted.
   */
  constructor(message: string) {
    super(message);
    this.name = "AssertionError";
  }
}

/** Options of {@linkcode assertClose}. */
export interface AssertCloseOptions {
  /**
   * Largest gap: relative to wanted values above 1, absolute for those below.
   *
   * @default {1e-6}
   */
  readonly tolerance?: number;
  /**
   * Whether a `NaN` agrees with a `NaN`. It agrees with nothing else in any case.
   *
   * @default {false}
   */
  readonly equalNaN?: boolean;
  /** Seed of a random case, to be printed when it fails. */
  readonly seed?: number;
}

/**
 * Asserts that two lists of numbers agree: `|got - want| <= tolerance * max(1, |want|)`, element by
 * element. An infinity agrees with itself only, a `NaN` with nothing unless `equalNaN` is set.
 *
 * @example Rounding is forgiven
 * ```ts
 * import { assertClose } from "@spiraltorch/spiraltorch/testing";
 *
 * assertClose([0.1 + 0.2], [0.3]);
 * ```
 *
 * @param got The computed elements.
 * @param want The expected elements.
 * @param options The tolerance, the rule for `NaN`, and the seed to print.
 * @throws {AssertionError} At the first element that is too far off, or if the lengths differ.
 */
export function assertClose(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  options?: AssertCloseOptions,
): void {
  const { tolerance = 1e-6, equalNaN = false, seed } = optionsOf(
    "assertClose",
    options,
  );
  assertNumbers("what assertClose got", got);
  assertNumbers("what assertClose wants", want);
  assertNumber("assertClose tolerance", tolerance, { min: 0 });
  const note = seed === undefined ? "" : ` (seed ${seed})`;
  if (got.length !== want.length) {
    throw new AssertionError(
      `Lengths differ: got ${got.length}, want ${want.length}${note}`,
    );
  }
  for (let i = 0; i < want.length; i++) {
    const [found, wanted] = [got[i]!, want[i]!];
    // Two infinities have no gap, but their difference is a NaN.
    if (found === wanted) continue;
    if (equalNaN && Number.isNaN(found) && Number.isNaN(wanted)) continue;
    const limit = tolerance * Math.max(1, Math.abs(wanted));
    // Not `gap > limit`: the gap of a NaN is a NaN, and must not pass.
    if (Number.isFinite(limit) && Math.abs(found - wanted) <= limit) continue;
    throw new AssertionError(
      `Element ${i} differs: got ${found}, want ${wanted}${note}`,
    );
  }
}
