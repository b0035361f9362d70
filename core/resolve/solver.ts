/**
 * The search for versions. What is asked for is decided first, then what that needs, then what it
 * would like; and each gets the best version that has not been ruled out. Among equals, what the last
 * one needs comes next: plugins that have to do with each other are decided one after the other, so
 * that a conflict takes back little else.
 *
 * So the result is the first that plain trying would find, in an order that depends on what has been
 * decided and on nothing else; conflicts that were understood only spare the search what cannot
 * succeed.
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

/** A plugin that waits for a decision, and those that wait longer. */
interface Waiting {
  readonly variable: Variable;
  readonly before: Waiting | undefined;
}

/** Those who wait: what is asked for, what is needed, and what could be left out. */
type Stacks = readonly [
  Waiting | undefined,
  Waiting | undefined,
  Waiting | undefined,
];

/** What a state of the search says about an incompatibility. */
type Relation = "satisfied" | "inconclusive" | Term;

/** One search. */
export class Solver {
  readonly #facts: Facts;
  readonly #effort: Effort;
  readonly #solution = new PartialSolution();
  #requested: ReadonlySet<Variable> = new Set();
  #stacks: Stacks = [undefined, undefined, undefined];
  /** Who waited before each decision. */
  readonly #marks: Stacks[] = [];
  /** All that were decided, whether or not that has been taken back. */
  readonly #known = new Set<Variable>();

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
      // After going back, most of what is decided has been looked at before, and whatever rules it
      // out has done so already.
      if (!(needs instanceof Promise)) this.#take(next, value, needs);
      else {
        const found = await needs;
        if (!this.#isRuledOut(next, value)) this.#take(next, value, found);
      }
    }
    return { kind: "found", taken: this.#taken() };
  }

  async #begin(): Promise<Variable> {
    const { root, needs } = await this.#facts.begin();
    this.#solution.decide(root, without(root.all, ABSENT));
    this.#requested = new Set(needs.required);
    this.#wait(needs);
    return root;
  }

  #taken(): Map<string, Choice> {
    const taken = new Map<string, Choice>();
    for (const variable of this.#known) {
      const value = variable.allowed;
      if (!variable.isDecided || value === ABSENT) continue;
      taken.set(variable.id, variable.choices[placeOf(value)]!);
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

  /** Decides about a plugin. */
  #take(variable: Variable, value: Values, needs: Needs): void {
    this.#marks.push(this.#stacks);
    this.#solution.decide(variable, value);
    this.#known.add(variable);
    this.#wait(needs);
  }

  /** Lets what a plugin needs wait for a decision: the first of it is next. */
  #wait({ required, optional }: Needs): void {
    if (required.length + optional.length === 0) return;
    let [asked, needed, liked] = this.#stacks;
    for (const variable of optional.toReversed()) {
      if (this.#requested.has(variable)) continue;
      liked = { variable, before: liked };
    }
    for (const variable of required.toReversed()) {
      if (this.#requested.has(variable)) asked = { variable, before: asked };
      else needed = { variable, before: needed };
    }
    this.#stacks = [asked, needed, liked];
  }

  /** The plugin to decide about; those that could be left out come after all others. */
  #next(): Variable | undefined {
    const [asked, needed, liked] = this.#stacks;
    this.#stacks = [undecided(asked), undecided(needed), undecided(liked)];
    return this.#stacks.find((waiting) => waiting !== undefined)?.variable;
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
    this.#stacks = this.#marks[level]!;
    this.#marks.length = level;
  }
}

/** Leaves out those who wait no longer. */
function undecided(waiting: Waiting | undefined): Waiting | undefined {
  while (waiting?.variable.isDecided) waiting = waiting.before;
  return waiting;
}

/** The best of some values; absent only if nothing else is left. */
function bestOf(allowed: Values): Values {
  const takeable = without(allowed, ABSENT);
  return takeable === NONE ? ABSENT : firstOf(takeable);
}
