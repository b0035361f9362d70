/**
 * What cannot be true together. Each plugin has one value: absent, or one of its choices, so that
 * "not in this range" and "not there at all" need no rules of their own.
 *
 * @module
 */
import type { Choice } from "./catalog.ts";
import { release } from "../versions/mod.ts";
import { allValues, both, either, type Values } from "./values.ts";

/** One step of a search: from here on, a plugin has one of fewer values. */
export interface Step {
  /** The plugin. */
  readonly variable: Variable;
  /** The values that are left to it, from all steps so far. */
  readonly allowed: Values;
  /** The last decision that it needs; the first, of what is asked for, is 0. */
  readonly level: number;
  /** Steps that it follows from have smaller numbers. */
  readonly index: number;
  /** What it follows from; a decision follows from nothing. */
  readonly cause?: Incompatibility;
}

/** A plugin, as one search sees it. */
export interface Variable {
  /** Id of the plugin. */
  readonly id: string;
  /** What could be taken, best first: choice `i` is bit `i + 1`. */
  readonly choices: readonly Choice[];
  /** All values. */
  readonly all: Values;
  /** All that is known to be impossible about it. */
  readonly mentions: Mention[];
  /** The steps about it, the last of which says what is left to it. */
  readonly steps: Step[];
  /** The values that are left to it. */
  allowed: Values;
  /** Whether a step was a decision. */
  isDecided: boolean;
}

/**
 * A plugin about which nothing is known.
 *
 * @param id Its id.
 * @param choices What could be taken, best first.
 * @returns The plugin.
 */
export function newVariable(
  id: string,
  choices: readonly Choice[],
): Variable {
  const all = allValues(choices.length);
  const state = { steps: [], allowed: all, isDecided: false };
  return { id, choices, all, mentions: [], ...state };
}

/** What there is to take of the plugin without a name, which needs what is asked for. */
export const ROOT_CHOICES: readonly Choice[] = [
  { version: release(0), text: "" },
];

/** One plugin having one of some values. */
export interface Term {
  /** The plugin. */
  readonly variable: Variable;
  /** The values. Facts grow while versions are looked at. */
  set: Values;
}

/** Why something cannot be true together, as it was told. */
export type Fact =
  | {
    readonly kind: "dependency";
    readonly dependent: Variable;
    readonly dependency: Variable;
    /** The range, as it was written, or the override that replaced it. */
    readonly range: string;
    readonly isOptional: boolean;
    readonly isOverridden: boolean;
  }
  | {
    readonly kind: "substitute";
    readonly substituted: Variable;
    readonly provider: Variable;
    readonly version: string;
  }
  | {
    readonly kind: "policy";
    readonly variable: Variable;
    readonly index: number;
    readonly reason: string;
  }
  | {
    readonly kind: "engine";
    readonly variable: Variable;
    readonly range: string;
    readonly found: string;
  }
  | {
    readonly kind: "yanked";
    readonly variable: Variable;
    readonly reason: string;
  };

/** Why something cannot be true together: it was told, or two other things come to it. */
export type Cause = Fact | {
  readonly kind: "derived";
  readonly left: Incompatibility;
  readonly right: Incompatibility;
};

/** Terms that cannot all hold, one for each plugin. */
export interface Incompatibility {
  /** The terms. */
  readonly terms: readonly Term[];
  /** Why. */
  readonly cause: Cause;
}

/** Where an incompatibility speaks of a plugin. */
export interface Mention {
  /** What it says about the plugin. */
  readonly own: Term;
  /** What else it says, if that is one thing: so it is for most. */
  readonly other: Term | undefined;
  /** The whole of it. */
  readonly incompatibility: Incompatibility;
}

/**
 * Notes an incompatibility with each plugin that it speaks of.
 *
 * @param incompatibility What cannot be.
 */
export function mention(incompatibility: Incompatibility): void {
  const { terms } = incompatibility;
  for (const own of terms) {
    const other = terms.length === 2
      ? terms[own === terms[0] ? 1 : 0]
      : undefined;
    own.variable.mentions.push({ own, other, incompatibility });
  }
}

/**
 * Derives what two incompatibilities say together, by resolution on one plugin: whatever its value,
 * one of them rules out the rest of both.
 *
 * @param left The one.
 * @param right The other; both have a term for `variable`.
 * @param variable The plugin.
 * @returns What follows.
 */
export function resolvent(
  left: Incompatibility,
  right: Incompatibility,
  variable: Variable,
): Incompatibility {
  const terms = new Map<Variable, Values>();
  for (const { terms: own } of [left, right]) {
    for (const term of own) {
      const known = terms.get(term.variable);
      const set = known === undefined
        ? term.set
        : term.variable === variable
        ? either(known, term.set)
        : both(known, term.set);
      terms.set(term.variable, set);
    }
  }
  if (terms.get(variable) === variable.all) terms.delete(variable);
  return {
    terms: Array.from(terms, ([key, set]) => ({ variable: key, set })),
    cause: { kind: "derived", left, right },
  };
}
