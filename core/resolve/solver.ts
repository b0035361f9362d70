/**
 * The search for versions. Plugins are decided in the order in which they come to be needed, what is
 * asked for first, and each gets the best version that has not been ruled out. So the result is the
 * first that plain trying would find, in an order that depends on what has been decided and on
 * nothing else; conflicts that were understood only spare the search what cannot succeed.
 *
 * **Source**: Weizenbaum, PubGrub: Next-Generation Version Solving (2018), and the documentation of
 * pub's solver; the guide to pubgrub-rs, for merging the facts of neighboring versions; Nadel and
 * Ryvchin, Chronological Backtracking (SAT 2018), for taking back no more than has to go.
 *
 * @module
 */
import { assertInvariant } from "../base/mod.ts";
import type { Choice } from "./catalog.ts";
import type { Effort } from "./effort.ts";
import { type Facts, type Needs, NO_NEEDS } from "./facts.ts";
import type { Incompatibility, Term, Variable } from "./incompatibility.ts";
import { PartialSolution } from "./partial_solution.ts";
import { resolveConflict } from "./resolve_conflict.ts";
import {
  ABSENT,
  firstOf,
  isWithin,
  NONE,
  overlap,
  placeOf,
  type Values,
  without,
} from "./values.ts";

/** What a search found. */
export type Outcome =
  | { readonly kind: "found"; readonly taken: ReadonlyMap<string, Choice> }
  | { readonly kind: "impossible"; readonly incompatibility: Incompatibility }
  /** It would have taken more than it might. */
  | { readonly kind: "undecided" };

/** Plugins that wait for a decision, and how many of them have been gone through. */
interface Queue {
  readonly variables: Variable[];
  place: number;
}

/** What a state of the search says about an incompatibility. */
type Relation = "satisfied" | "inconclusive" | Term;

/** One search. */
export class Solver {
  readonly #facts: Facts;
  readonly #effort: Effort;
  readonly #solution = new PartialSolution();
  readonly #queues: readonly Queue[] = [
    { variables: [], place: 0 },
    { variables: [], place: 0 },
  ];
  /** Length and place of both queues before each decision. */
  readonly #marks: (readonly (readonly [number, number])[])[] = [];

  /**
   * Constructs a new instance.
   *
   * @param facts What is known, and what can be found out.
   * @param effort What it may cost.
   */
  constructor(facts: Facts, effort: Effort) {
    this.#facts = facts;
    this.#effort = effort;
  }

  /**
   * Searches.
   *
   * @returns What was taken, or why nothing could be.
   * @throws The reason of the signal that ends it.
   */
  async run(): Promise<Outcome> {
    let next: Variable | undefined = await this.#begin();
    while (next !== undefined) {
      let conflict = this.#propagate(next);
      while (conflict !== undefined) {
        const { incompatibility, open } = this.#understand(conflict);
        if (open === undefined) return { kind: "impossible", incompatibility };
        const turn = this.#effort.spend();
        if (turn) await turn;
        conflict = this.#propagate(open);
      }
      if (this.#effort.isSpent) return { kind: "undecided" };
      const turn = this.#effort.spend();
      if (turn) await turn;
      next = this.#next();
      if (next === undefined) break;
      const value = bestOf(next.allowed);
      const needs = value === ABSENT
        ? NO_NEEDS
        : this.#facts.needs(next, value);
      // After going back, most of what is decided has been looked at before.
      this.#take(next, value, needs instanceof Promise ? await needs : needs);
    }
    return { kind: "found", taken: this.#taken() };
  }

  async #begin(): Promise<Variable> {
    const { root, needs } = await this.#facts.begin();
    this.#solution.decide(root, without(root.all, ABSENT));
    this.#queues[0]!.variables.push(...needs.required);
    this.#queues[1]!.variables.push(...needs.optional);
    return root;
  }

  #taken(): Map<string, Choice> {
    const taken = new Map<string, Choice>();
    for (const { variables } of this.#queues) {
      for (const variable of variables) {
        const value = variable.allowed;
        if (value === ABSENT) continue;
        taken.set(variable.id, variable.choices[placeOf(value)]!);
      }
    }
    return taken;
  }

  /** Learns from a conflict and goes back to where it can be avoided, if it can. */
  #understand(
    conflict: Incompatibility,
  ): { incompatibility: Incompatibility; open?: Variable } {
    const { incompatibility, level } = resolveConflict(conflict);
    if (level === undefined) return { incompatibility };
    // Decisions between this one and those that the conflict needs would be made again as they
    // were, so they stay.
    this.#backtrack(level - 1);
    if (incompatibility !== conflict) this.#facts.add(incompatibility);
    const open = this.#relation(incompatibility);
    assertInvariant(
      typeof open === "object",
      "what is learned leaves one term open",
    );
    this.#solution.derive(open, incompatibility);
    return { incompatibility, open: open.variable };
  }

  /** Draws all conclusions from a change; returns what cannot be, and holds. */
  #propagate(changed: Variable): Incompatibility | undefined {
    const waiting = new Set([changed]);
    for (const variable of waiting) {
      waiting.delete(variable);
      const { mentions } = variable;
      // What was learned last is most likely to say something.
      for (let at = mentions.length - 1; at >= 0; at--) {
        const { own, other, incompatibility } = mentions[at]!;
        // Most are about something else that cannot be in any case.
        if (other && !overlap(other.variable.allowed, other.set)) continue;
        // What is left open here was so before, unless it has just been written down.
        const isOpen = !isWithin(variable.allowed, own.set);
        if (isOpen && variable !== changed) continue;
        const open = this.#relation(incompatibility);
        if (open === "satisfied") return incompatibility;
        if (open === "inconclusive") continue;
        this.#solution.derive(open, incompatibility);
        waiting.add(open.variable);
      }
    }
    return undefined;
  }

  /** The only term that does not hold yet but may; all hold, or it is too early to tell. */
  #relation({ terms }: Incompatibility): Relation {
    let open: Term | undefined;
    for (const term of terms) {
      const allowed = term.variable.allowed;
      if (isWithin(allowed, term.set)) continue;
      // A second open term, or one that cannot hold any more.
      if (open !== undefined || !overlap(allowed, term.set)) {
        return "inconclusive";
      }
      open = term;
    }
    return open ?? "satisfied";
  }

  /** Decides about a plugin, unless its needs have just ruled that out. */
  #take(variable: Variable, value: Values, needs: Needs): void {
    if (this.#isRuledOut(variable, value)) return;
    this.#marks.push(
      this.#queues.map(({ variables, place }) => [variables.length, place]),
    );
    this.#solution.decide(variable, value);
    this.#queues[0]!.variables.push(...needs.required);
    this.#queues[1]!.variables.push(...needs.optional);
  }

  /** The plugin that has waited longest; those that could be left out come after all others. */
  #next(): Variable | undefined {
    for (const queue of this.#queues) {
      const { variables } = queue;
      while (queue.place < variables.length) {
        const variable = variables[queue.place]!;
        if (!variable.isDecided) return variable;
        queue.place++;
      }
    }
    return undefined;
  }

  /** Whether a value cannot be, by what has just been found out about it. */
  #isRuledOut(variable: Variable, value: Values): boolean {
    return variable.mentions.some(({ own, incompatibility: { terms } }) =>
      overlap(own.set, value) &&
      terms.every((term) =>
        term === own || isWithin(term.variable.allowed, term.set)
      )
    );
  }

  #backtrack(level: number): void {
    this.#solution.backtrack(level);
    const marks = this.#marks.splice(level)[0]!;
    for (const [index, queue] of this.#queues.entries()) {
      [queue.variables.length, queue.place] = marks[index]!;
    }
  }
}

/** The best of some values; absent only if nothing else is left. */
function bestOf(allowed: Values): Values {
  const takeable = without(allowed, ABSENT);
  return takeable === NONE ? ABSENT : firstOf(takeable);
}
