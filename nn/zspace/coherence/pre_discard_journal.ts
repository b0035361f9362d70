import { optionsOf } from "../../../ops/mod.ts";
import { OptionChecks } from "../check_options.ts";
import type { PreDiscardOutcome } from "./pre_discard.ts";

/** One discard as it is remembered. */
export interface PreDiscardSnapshot extends PreDiscardOutcome {
  /** Which discard it was, from 1. */
  readonly step: number;
}

/**
 * Remembers the last discards.
 *
 * @example Only the last ones
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PreDiscardJournal, PreDiscardPolicy } from "@spiraltorch/spiraltorch/nn";
 *
 * const policy = new PreDiscardPolicy({ dominanceRatio: 0.5 });
 * const journal = new PreDiscardJournal({ size: 2 });
 * for (let i = 0; i < 3; i++) journal.record(policy.describe([0.8, 0.2], [1, 0]));
 * assertEquals(journal.snapshots().map(({ step }) => step), [2, 3]);
 * ```
 */
export class PreDiscardJournal {
  readonly #size: number;
  #snapshots: PreDiscardSnapshot[] = [];
  #step = 0;

  /**
   * Constructs a new instance.
   *
   * @param options How many discards are remembered, 32 if left out.
   * @throws {OptionError} `INVALID_OPTION` if that is no whole number from 1 on.
   */
  constructor(options?: { readonly size?: number }) {
    const { size = 32 } = optionsOf("PreDiscardJournal", options);
    const checks = new OptionChecks("PreDiscardJournal");
    checks.count("size", size);
    checks.end();
    this.#size = size;
  }

  /**
   * Remembers a discard; the oldest one makes room where there is none.
   *
   * @param outcome What stayed and what went.
   */
  record(outcome: PreDiscardOutcome): void {
    this.#snapshots.push(Object.freeze({ ...outcome, step: ++this.#step }));
    if (this.#snapshots.length > this.#size) this.#snapshots.shift();
  }

  /**
   * Lists what is remembered.
   *
   * @returns The discards, oldest first.
   */
  snapshots(): PreDiscardSnapshot[] {
    return [...this.#snapshots];
  }

  /** Forgets everything; steps are counted on. */
  clear(): void {
    this.#snapshots = [];
  }
}
