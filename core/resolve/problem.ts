import type { Exclusion } from "./plugin_source.ts";

/** What is asked for, and under which conditions. */
export interface Problem {
  /** Ranges by id. */
  readonly requests: Readonly<Record<string, string>>;
  /** The library's version. */
  readonly engineVersion: string;
  /** Versions that come before newer ones, by id. */
  readonly locked: Readonly<Record<string, string>>;
  /** Ranges that replace those of dependents, by id. */
  readonly overrides: Readonly<Record<string, string>>;
  /** What is not allowed. */
  readonly exclusions: readonly Exclusion[];
}
