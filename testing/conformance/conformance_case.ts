/** One thing that a contract promises, for a test of its own. */
export interface ConformanceCase {
  /** What is promised. */
  readonly name: string;
  /**
   * Sees whether it holds.
   *
   * @returns When it does; it rejects where it does not.
   */
  readonly run: () => Promise<void>;
}
