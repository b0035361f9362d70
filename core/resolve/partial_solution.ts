import type {
  Incompatibility,
  Step,
  Term,
  Variable,
} from "./incompatibility.ts";

/** The steps of a search. What is left to each plugin after them is noted with the plugin. */
export class PartialSolution {
  readonly #trail: Step[] = [];
  #level = 0;

  /** How many decisions there have been. */
  get level(): number {
    return this.#level;
  }

  /**
   * Decides about a plugin. The first decision, of what is asked for, is there for good.
   *
   * @param variable The plugin.
   * @param value Its value.
   */
  decide(variable: Variable, value: bigint): void {
    this.#level = this.#trail.length === 0 ? 0 : this.#level + 1;
    variable.isDecided = true;
    this.#push({ variable, allowed: value });
  }

  /**
   * Notes what follows.
   *
   * @param term What cannot hold.
   * @param cause What it follows from.
   */
  derive({ variable, set }: Term, cause: Incompatibility): void {
    this.#push({ variable, allowed: variable.allowed & ~set, cause });
  }

  #push(step: Omit<Step, "level" | "index">): void {
    const { variable, allowed } = step;
    const index = this.#trail.length;
    const placed: Step = { ...step, level: this.#level, index };
    this.#trail.push(placed);
    variable.steps.push(placed);
    variable.allowed = allowed;
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
      variable.steps.pop();
      variable.allowed = variable.steps.at(-1)?.allowed ?? variable.all;
      if (cause === undefined) variable.isDecided = false;
    }
  }
}

/**
 * Finds the step that made a term true.
 *
 * @param variable The plugin.
 * @param set Its values.
 * @returns The first step after which it has one of them, `undefined` if it always had.
 */
export function satisfier(variable: Variable, set: bigint): Step | undefined {
  if ((variable.all & ~set) === 0n) return undefined;
  return variable.steps.find(({ allowed }) => (allowed & ~set) === 0n);
}
