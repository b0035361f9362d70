import { listOf } from "../../../core/base/mod.ts";
import { optionsOf } from "../../../ops/mod.ts";
import { assertNumber } from "../../check/assert_number.ts";
import { OptionChecks } from "../check_options.ts";

/** How much a token counts. */
export interface TokenWeight {
  /** The token, from 0. */
  readonly token: number;
  /** How much it counts, at least 0. */
  readonly weight: number;
}

/** What every concept has before any token counts. */
const SMOOTHING = 1e-6;

/**
 * What tokens mean: for each token, shares of concepts.
 *
 * @example Two tokens, each with a concept of its own
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { SemanticBridge } from "@spiraltorch/spiraltorch/nn";
 *
 * const semantics = new SemanticBridge([[1, 0], [0, 1]]);
 * const [first] = semantics.distributionOf([
 *   { token: 0, weight: 0.75 },
 *   { token: 1, weight: 0.25 },
 * ]);
 * assertAlmostEquals(first!, 0.75, 1e-6);
 * ```
 */
export class SemanticBridge {
  /** How many tokens there are. */
  readonly tokens: number;
  /** How many concepts there are. */
  readonly concepts: number;
  readonly #meanings: readonly (readonly number[])[];

  /**
   * Constructs a new instance.
   *
   * @param meanings For each token, how much it means each concept: numbers from 0.
   * @throws {OptionError} `INVALID_OPTION` if there is no token or no concept, if tokens have lists of
   * different lengths, or a number is negative or not finite.
   */
  constructor(meanings: readonly (readonly number[])[]) {
    const checks = new OptionChecks("SemanticBridge");
    const lists: readonly (readonly number[])[] = Array.isArray(meanings)
      ? meanings
      : [];
    const concepts = lists[0]?.length ?? 0;
    checks.count("tokens", lists.length);
    checks.count("concepts", concepts);
    lists.forEach((list, token) => {
      const length: unknown = list?.length;
      const range = `a list of ${concepts}`;
      checks.when(length !== concepts, {
        name: `meanings[${token}]`,
        value: list,
        range,
      });
      if (length !== concepts) return;
      list.forEach((share, concept) =>
        checks.number(`meanings[${token}][${concept}]`, share, { min: 0 })
      );
    });
    checks.end();
    this.tokens = lists.length;
    this.concepts = concepts;
    this.#meanings = lists.map((list) => [...list]);
  }

  /**
   * Tells what some tokens mean together.
   *
   * @param window How much each token counts. Tokens that there are not are left out.
   * @returns Shares of concepts; all alike where no token counts.
   * @throws {OptionError} `INVALID_OPTION` if it is no list.
   */
  distributionOf(window: readonly TokenWeight[]): number[] {
    const sums = new Array<number>(this.concepts).fill(SMOOTHING);
    for (const entry of listOf("a window of tokens", window)) {
      const { token, weight } = optionsOf("a token of a window", entry);
      assertNumber("weight of a token", weight, { min: 0 });
      this.#meanings[token]?.forEach((share, concept) => {
        sums[concept]! += weight * share;
      });
    }
    const total = sums.reduce((sum, part) => sum + part, 0);
    return sums.map((part) => part / total);
  }
}
