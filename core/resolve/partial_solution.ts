import type {
  Incompatibility,
  Step,
  Term,
  Variable,
} from "./incompatibility.ts";
import { isWithin, type Values, without } from "./values.ts";

/** The steps of a search. What is left to each plugin after them is noted with the plugin. */
export class PartialSolution {
  readonly #trail: Step[] = [];
  /** Where in the trail each decision is. */
  readonly #decisions: number[] = [];
  #count = 0;

  /**
   * Decides about a plugin. The first decision, of what is asked for, is there for good.
   *
   * @param variable The plugin.
   * @param value Its value.
   */
  decide(variable: Variable, value: Values): void {
    const level = this.#decisions.length;
    this.#decisions.push(this.#trail.length);
    variable.isDecided = true;
    this.#push(variable, value, { level });
  }

  /**
   * Notes what follows, at the level of what it follows from: it stays when later decisions go.
   *
   * @param term What cannot hold.
   * @param cause What it follows from; its other terms hold.
   */
  derive({ variable, set }: Term, cause: Incompatibility): void {
    let level = levelOf(variable);
    for (const { variable: other } of cause.terms) {
      level = Math.max(level, levelOf(other));
    }
    this.#push(variable, without(variable.allowed, set), { level, cause });
  }

  #push(
    variable: Variable,
    allowed: Values,
    rest: Pick<Step, "level" | "cause">,
  ): void {
    const step: Step = { variable, allowed, index: this.#count++, ...rest };
    this.#trail.push(step);
    variable.steps.push(step);
    variable.allowed = allowed;
  }

  /**
   * Takes back some decisions, and what followed from them.
   *
   * @param level How many decisions stay.
   */
  backtrack(level: number): void {
    const place = this.#decisions[level + 1]!;
    this.#decisions.length = level + 1;
    const later = this.#trail.splice(place);
    for (const step of later) {
      if (step.level <= level) this.#trail.push(step);
      else takeBack(step.variable, level);
    }
  }
}

function takeBack(variable: Variable, level: number): void {
  const { steps } = variable;
  // The levels of the steps about one plugin never decrease.
  while (levelOf(variable) > level) {
    if (steps.pop()!.cause === undefined) variable.isDecided = false;
  }
  variable.allowed = steps.at(-1)?.allowed ?? variable.all;
}

/** How many decisions what is left to a plugin comes from. */
function levelOf({ steps }: Variable): number {
  return steps.length === 0 ? 0 : steps[steps.length - 1]!.level;
}

/**
 * Finds the step that made a term true.
 *
 * @param variable The plugin.
 * @param set Its values.
 * @returns The first step after which it has one of them, `undefined` if it always had.
 */
export function satisfier(variable: Variable, set: Values): Step | undefined {
  if (isWithin(variable.all, set)) return undefined;
  return variable.steps.find(({ allowed }) => isWithin(allowed, set));
}
