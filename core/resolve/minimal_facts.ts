import type { Effort } from "./effort.ts";
import { type Facts, type Needs, NO_NEEDS } from "./facts.ts";
import {
  type Fact,
  type Incompatibility,
  mention,
  newVariable,
  ROOT_CHOICES,
  type Variable,
} from "./incompatibility.ts";
import { Solver } from "./solver.ts";

/** An incompatibility that was told, not derived. */
export interface ToldIncompatibility extends Incompatibility {
  /** What was told. */
  readonly cause: Fact;
}

/**
 * Finds facts that suffice to make a resolution impossible, and of which none can be left out, as
 * far as the effort goes.
 *
 * **Cost**: some searches over the facts alone, which get fewer with each.
 *
 * **Source**: Liffiton and Sakallah, Algorithms for Computing Minimal Unsatisfiable Subsets of
 * Constraints (2008), for deletion; Junker, QuickXplain (AAAI 2004), for halves before single facts;
 * Belov and Marques-Silva, MUSer2 (2012), for keeping only what the last derivation has used.
 *
 * @param impossible What was derived.
 * @param effort What it may cost.
 * @returns The facts, in the order in which the derivation comes to them.
 * @throws The reason of the signal that ends it.
 */
export async function minimalFacts(
  impossible: Incompatibility,
  effort: Effort,
): Promise<readonly ToldIncompatibility[]> {
  let facts: readonly ToldIncompatibility[] = factsOf(impossible);
  for (let size = facts.length; size > 1;) {
    size = Math.ceil(size / 2);
    // The last ones are the farthest from what was asked for.
    for (let end = facts.length; end > 0 && !effort.isSpent;) {
      const before = facts.slice(0, Math.max(0, end - size));
      const used = await refuted([...before, ...facts.slice(end)], effort);
      facts = used ?? facts;
      // What stands behind them has been tried.
      end = used === undefined
        ? before.length
        : before.filter((fact) => used.includes(fact)).length;
    }
  }
  return facts;
}

/** Those of some facts that a derivation uses, if they suffice to make all fail. */
async function refuted(
  facts: readonly ToldIncompatibility[],
  effort: Effort,
): Promise<readonly ToldIncompatibility[] | undefined> {
  const outcome = await new Solver(new FixedFacts(facts), effort).run();
  if (outcome.kind !== "impossible") return undefined;
  const told = factsOf(outcome.incompatibility);
  const causes = new Set<Fact>(told.map(({ cause }) => cause));
  return facts.filter(({ cause }) => causes.has(cause));
}

/** All that a derivation goes back to; a walk of its own, since derivations may be deep. */
function factsOf(impossible: Incompatibility): ToldIncompatibility[] {
  const facts: ToldIncompatibility[] = [];
  const seen = new Set([impossible]);
  for (const incompatibility of seen) {
    const { cause } = incompatibility;
    if (cause.kind === "derived") seen.add(cause.left).add(cause.right);
    else facts.push({ ...incompatibility, cause });
  }
  return facts;
}

/** Facts to which nothing is added: plugins are free to be there or not, but for what they say. */
class FixedFacts implements Facts {
  readonly #variables = new Map<string, Variable>();
  readonly #root: Variable;

  constructor(facts: readonly ToldIncompatibility[]) {
    this.#root = this.#copy(newVariable("", ROOT_CHOICES));
    for (const { terms, cause } of facts) {
      const own = terms.map(({ variable, set }) => ({
        variable: this.#copy(variable),
        set,
      }));
      this.add({ terms: own, cause });
    }
  }

  #copy(variable: Variable): Variable {
    const known = this.#variables.get(variable.id);
    if (known !== undefined) return known;
    const copy = newVariable(variable.id, variable.choices);
    this.#variables.set(variable.id, copy);
    return copy;
  }

  begin(): Promise<{ root: Variable; needs: Needs }> {
    const optional = [...this.#variables.values()]
      .filter(({ id }) => id !== "");
    const needs = { required: [], optional };
    return Promise.resolve({ root: this.#root, needs });
  }

  needs(): Needs {
    return NO_NEEDS;
  }

  add(incompatibility: Incompatibility): void {
    mention(incompatibility);
  }
}
