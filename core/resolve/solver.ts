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
import { type Facts, type Needs, NO_NEEDS } from "./facts.ts";
import {
  ABSENT,
  type Incompatibility,
  placeOf,
  type Term,
  type Variable,
} from "./incompatibility.ts";
import { PartialSolution } from "./partial_solution.ts";
import { resolveConflict } from "./resolve_conflict.ts";

/** What a search found. */
export type Outcome =
  | { readonly kind: "found"; readonly taken: ReadonlyMap<string, Choice> }
  | { readonly kind: "impossible"; readonly incompatibility: Incompatibility };

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
   */
  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /**
   * Searches.
   *
   * @returns What was taken, or why nothing could be.
   */
  async run(): Promise<Outcome> {
    let next: Variable | undefined = await this.#begin();
    while (next !== undefined) {
      const incompatibility = this.#settle(next);
      if (incompatibility !== undefined) {
        return { kind: "impossible", incompatibility };
      }
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
    this.#solution.decide(root, root.all & ~ABSENT);
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

  /** Draws all conclusions from a change and learns from conflicts; returns what makes all fail. */
  #settle(changed: Variable): Incompatibility | undefined {
    let conflict = this.#propagate(changed);
    while (conflict !== undefined) {
      const cause = resolveConflict(conflict);
      const { incompatibility, level } = cause;
      if (level === undefined) return incompatibility;
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
      conflict = this.#propagate(open.variable);
    }
    return undefined;
  }

  #propagate(changed: Variable): Incompatibility | undefined {
    const waiting = new Set([changed]);
    for (const variable of waiting) {
      waiting.delete(variable);
      const { incompatibilities } = variable;
      // What was learned last is most likely to say something.
      for (let at = incompatibilities.length - 1; at >= 0; at--) {
        const incompatibility = incompatibilities[at]!;
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
      if ((allowed & ~term.set) === 0n) continue;
      // A second open term, or one that cannot hold any more.
      if (open !== undefined || (allowed & term.set) === 0n) {
        return "inconclusive";
      }
      open = term;
    }
    return open ?? "satisfied";
  }

  /** Decides about a plugin, unless its needs have just ruled that out. */
  #take(variable: Variable, value: bigint, needs: Needs): void {
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
  #isRuledOut(variable: Variable, value: bigint): boolean {
    return variable.incompatibilities.some(({ terms }) =>
      terms.every((term) =>
        term.variable === variable
          ? (term.set & value) !== 0n
          : (term.variable.allowed & ~term.set) === 0n
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
function bestOf(allowed: bigint): bigint {
  const takeable = allowed & ~ABSENT;
  return takeable === 0n ? ABSENT : takeable & -takeable;
}
