import type { Incompatibility, Term, Variable } from "./incompatibility.ts";

/** One step of a search: from here on, a plugin has one of fewer values. */
export interface Assignment {
  /** The plugin. */
  readonly variable: Variable;
  /** The values that are left to it, from all steps so far. */
  readonly allowed: bigint;
  /** How many decisions came before it, itself included. */
  readonly level: number;
  /** Its place among all steps. */
  readonly index: number;
  /** What it follows from; a decision follows from nothing. */
  readonly cause?: Incompatibility;
}

/** The steps of a search, and what is left to each plugin after them. */
export class PartialSolution {
  readonly #trail: Assignment[] = [];
  readonly #steps = new Map<Variable, Assignment[]>();
  readonly #decided = new Set<Variable>();
  #level = 0;

  /** How many decisions there have been. */
  get level(): number {
    return this.#level;
  }

  /**
   * The values that are left to a plugin.
   *
   * @param variable The plugin.
   * @returns The values.
   */
  allowed(variable: Variable): bigint {
    return this.#steps.get(variable)?.at(-1)?.allowed ?? variable.all;
  }

  /**
   * Tells whether a plugin has been decided about.
   *
   * @param variable The plugin.
   * @returns Whether it has.
   */
  isDecided(variable: Variable): boolean {
    return this.#decided.has(variable);
  }

  /**
   * Decides about a plugin. The first decision, of what is asked for, is there for good.
   *
   * @param variable The plugin.
   * @param value Its value.
   */
  decide(variable: Variable, value: bigint): void {
    this.#level = this.#trail.length === 0 ? 0 : this.#level + 1;
    this.#decided.add(variable);
    this.#push({ variable, allowed: value });
  }

  /**
   * Notes what follows.
   *
   * @param term What cannot hold.
   * @param cause What it follows from.
   */
  derive({ variable, set }: Term, cause: Incompatibility): void {
    this.#push({ variable, allowed: this.allowed(variable) & ~set, cause });
  }

  #push(step: Omit<Assignment, "level" | "index">): void {
    const index = this.#trail.length;
    const assignment = { ...step, level: this.#level, index };
    this.#trail.push(assignment);
    const steps = this.#steps.get(step.variable);
    if (steps === undefined) this.#steps.set(step.variable, [assignment]);
    else steps.push(assignment);
  }

  /**
   * Finds the step that made a term true.
   *
   * @param variable The plugin.
   * @param set Its values.
   * @returns The first step after which it has one of them, `undefined` if it always had.
   */
  satisfier(variable: Variable, set: bigint): Assignment | undefined {
    if ((variable.all & ~set) === 0n) return undefined;
    return this.#steps.get(variable)
      ?.find(({ allowed }) => (allowed & ~set) === 0n);
  }

  /**
   * Takes back what came after some decisions.
   *
   * @param level How many decisions stay.
   */
  backtrack(level: number): void {
    this.#level = level;
    while (this.#trail.length > 0 && this.#trail.at(-1)!.level > level) {
      const { variable, cause } = this.#trail.pop()!;
      this.#steps.get(variable)!.pop();
      if (cause === undefined) this.#decided.delete(variable);
    }
  }
}
