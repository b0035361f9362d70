import type { Incompatibility, Variable } from "./incompatibility.ts";
import type { Values } from "./values.ts";

/** Plugins that a version needs, and those that it would like. */
export interface Needs {
  /** Those that must be there, sorted. */
  readonly required: readonly Variable[];
  /** Those that it can do without, sorted. */
  readonly optional: readonly Variable[];
}

/** Of what needs nothing. */
export const NO_NEEDS: Needs = { required: [], optional: [] };

/** What a search starts from, and what it finds out on its way. */
export interface Facts {
  /**
   * Writes down what is asked for, as what a plugin without a name needs.
   *
   * @returns That plugin, and what it needs.
   */
  begin(): Promise<{ readonly root: Variable; readonly needs: Needs }>;
  /**
   * Writes down what a value needs, and what rules it out.
   *
   * @param variable A plugin.
   * @param value One of its choices.
   * @returns What it needs.
   */
  needs(variable: Variable, value: Values): Needs | Promise<Needs>;
  /**
   * Notes an incompatibility with each plugin that it speaks of.
   *
   * @param incompatibility What cannot be.
   */
  add(incompatibility: Incompatibility): void;
}
