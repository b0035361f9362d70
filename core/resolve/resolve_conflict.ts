import {
  type Incompatibility,
  resolvent,
  type Step,
  type Term,
} from "./incompatibility.ts";
import { satisfier } from "./partial_solution.ts";
import { either } from "./values.ts";

/** What a conflict comes from. */
export interface RootCause {
  /** What cannot be, of which all terms but one hold after going back. */
  readonly incompatibility: Incompatibility;
  /** The decision to take back, the last that it needs; without it, there is no solution at all. */
  readonly level?: number;
}

/**
 * Goes from a conflict back to the decision that made it inevitable: while the last step that the
 * conflict needs was no decision, it is replaced by what it followed from.
 *
 * **Source**: Weizenbaum, PubGrub: Next-Generation Version Solving (2018), and the documentation of
 * pub, "Conflict Resolution"; as in Marques-Silva and Sakallah, GRASP (1996).
 *
 * @param conflict What cannot be, and holds after the steps so far.
 * @returns What the conflict comes from.
 */
export function resolveConflict(
  conflict: Incompatibility,
): RootCause {
  let incompatibility = conflict;
  for (;;) {
    // The first decision, of what is asked for, cannot be taken back.
    if (incompatibility.terms.every(({ variable }) => variable.id === "")) {
      return { incompatibility };
    }
    const { last, term, level } = lastSatisfier(incompatibility);
    if (last.cause === undefined || level < last.level) {
      return { incompatibility, level: last.level };
    }
    incompatibility = resolvent(incompatibility, last.cause, term.variable);
  }
}

/** The step that made the last term true, and the level at which all the rest was true. */
function lastSatisfier(
  { terms }: Incompatibility,
): { last: Step; term: Term; level: number } {
  let last: Step | undefined;
  let term: Term | undefined;
  let level = 0;
  for (const each of terms) {
    const step = satisfier(each.variable, each.set)!;
    if (last === undefined || step.index > last.index) {
      level = Math.max(level, last?.level ?? 0);
      [last, term] = [step, each];
    } else level = Math.max(level, step.level);
  }
  // A step may have made its term true only together with earlier ones about the same plugin.
  const { variable, set } = term!;
  const own = last!.cause?.terms.find((each) => each.variable === variable);
  const before = own && satisfier(variable, either(set, own.set));
  return {
    last: last!,
    term: term!,
    level: Math.max(level, before?.level ?? 0),
  };
}
