import { invalidOptions, type OptionProblem } from "./errors.ts";

/**
 * Collects what is wrong with options, so that one error tells all of it.
 *
 * @example Two mistakes, one error
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { CoherenceEngine } from "@spiraltorch/spiraltorch/nn";
 *
 * assertThrows(
 *   () => new CoherenceEngine({ dim: 0, channels: 1.5 }),
 *   TypeError,
 *   "dim is 0, wanted a whole number from 1; channels is 1.5, wanted a whole number from 1",
 * );
 * ```
 */
export class OptionChecks {
  readonly #owner: string;
  readonly #problems: OptionProblem[] = [];

  /**
   * Constructs a new instance.
   *
   * @param owner Whose options they are.
   */
  constructor(owner: string) {
    this.#owner = owner;
  }

  /**
   * Wants a whole number.
   *
   * @param name Name of the option.
   * @param value What it was set to.
   * @param range Where it may lie; from 1 on if left out.
   */
  count(
    name: string,
    value: number,
    { min = 1, max = Number.MAX_SAFE_INTEGER }: {
      readonly min?: number;
      readonly max?: number;
    } = {},
  ): void {
    if (Number.isSafeInteger(value) && value >= min && value <= max) return;
    const range = max === Number.MAX_SAFE_INTEGER
      ? `a whole number from ${min}`
      : `a whole number from ${min} to ${max}`;
    this.#problems.push({ name, value, range });
  }

  /**
   * Wants a number from one to another.
   *
   * @param name Name of the option.
   * @param value What it was set to.
   * @param range Where it may lie, both ends included; any finite number that is not left out.
   */
  number(
    name: string,
    value: number,
    { min = -Number.MAX_VALUE, max = Number.MAX_VALUE }: {
      readonly min?: number;
      readonly max?: number;
    } = {},
  ): void {
    if (isNumber(value) && value >= min && value <= max) return;
    const from = min === -Number.MAX_VALUE ? "" : ` from ${min}`;
    const to = max === Number.MAX_VALUE ? "" : ` to ${max}`;
    const range = from + to === "" ? "a finite number" : `a number${from}${to}`;
    this.#problems.push({ name, value, range });
  }

  /**
   * Wants a number from 0 and below 1.
   *
   * @param name Name of the option.
   * @param value What it was set to.
   */
  share(name: string, value: number): void {
    const range = "a number from 0 and below 1";
    const isFine = isNumber(value) && value >= 0 && value < 1;
    this.when(!isFine, { name, value, range });
  }

  /**
   * Wants one of some words.
   *
   * @param name Name of the option.
   * @param value What it was set to.
   * @param allowed The words.
   */
  oneOf(name: string, value: unknown, allowed: readonly unknown[]): void {
    if (allowed.includes(value)) return;
    const range = `one of ${allowed.join(", ")}`;
    this.#problems.push({ name, value, range });
  }

  /**
   * Notes a problem.
   *
   * @param isBad Whether there is one.
   * @param problem The problem.
   */
  when(isBad: boolean, problem: OptionProblem): void {
    if (isBad) this.#problems.push(problem);
  }

  /**
   * Ends the checks.
   *
   * @throws {OptionError} `INVALID_OPTION` with every problem, if there is any.
   */
  end(): void {
    if (this.#problems.length > 0) {
      throw invalidOptions(this.#owner, this.#problems);
    }
  }
}

/** Text and nothing compare with numbers too, but are none. */
function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
