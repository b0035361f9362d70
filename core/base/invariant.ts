/** A bug in the library, not in its caller. Caught only at the plugin boundary. */
export class InvariantError extends Error {
  /**
   * Constructs a new instance.
   *
   * @param claim What should have been true, in the present tense.
   */
  constructor(claim: string) {
    super(`Broken invariant, please report it: ${claim}`);
    this.name = "InvariantError";
  }
}

/**
 * States something that only a bug in the library can make false.
 *
 * @param condition What must hold.
 * @param claim The same in words, in the present tense.
 * @throws {InvariantError} If `condition` is falsy.
 */
export function assertInvariant(
  condition: unknown,
  claim: string,
): asserts condition {
  if (!condition) throw new InvariantError(claim);
}
