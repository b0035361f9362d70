import { type Facts, type Needs, NO_NEEDS } from "./facts.ts";
import {
  type Fact,
  type Incompatibility,
  newVariable,
  ROOT_CHOICES,
  type Variable,
} from "./incompatibility.ts";
import { Solver } from "./solver.ts";

/** More facts than these are not tried to be done without, one by one. */
const FACTS_MAX = 200;

/** An incompatibility that was told, not derived. */
export interface ToldIncompatibility extends Incompatibility {
  /** What was told. */
  readonly cause: Fact;
}

/**
 * Finds facts that suffice to make a resolution impossible, and of which none can be left out.
 *
 * **Cost**: one search over the facts alone for each of them.
 *
 * @param impossible What was derived.
 * @returns The facts, in the order in which the derivation comes to them.
 */
export async function minimalFacts(
  impossible: Incompatibility,
): Promise<readonly ToldIncompatibility[]> {
  let facts = factsOf(impossible);
  if (facts.length > FACTS_MAX) return facts;
  // The last ones are the farthest from what was asked for.
  for (const fact of facts.toReversed()) {
    const rest = facts.filter((other) => other !== fact);
    const outcome = await new Solver(new FixedFacts(rest)).run();
    if (outcome.kind === "impossible") facts = rest;
  }
  return facts;
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
    for (const { variable } of incompatibility.terms) {
      variable.incompatibilities.push(incompatibility);
    }
  }
}
