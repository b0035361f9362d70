import { PreDiscardJournal } from "../coherence/pre_discard_journal.ts";
import type {
  PreDiscardOutcome,
  PreDiscardPolicy,
} from "../coherence/pre_discard.ts";
import type { PreDiscardRegulator } from "../coherence/pre_discard_regulator.ts";
import type { ResolvedSequencer } from "./sequencer_options.ts";

/** Which channels a sequencer leaves out now, and which it has left out. */
export class SequencerDiscards {
  /** The last discards. */
  readonly journal: PreDiscardJournal;
  readonly #regulator: PreDiscardRegulator | undefined;
  #policy: PreDiscardPolicy | undefined;

  /**
   * Constructs a new instance.
   *
   * @param settings What the sequencer was made of.
   */
  constructor(
    { preDiscard, journalSize, regulator }: Pick<
      ResolvedSequencer,
      "preDiscard" | "journalSize" | "regulator"
    >,
  ) {
    this.journal = new PreDiscardJournal({ size: journalSize });
    this.#regulator = regulator;
    this.#policy = regulator
      ? preDiscard?.withRatio(regulator.dominanceRatio)
      : preDiscard;
  }

  /** Which channels the next pass leaves out; none if there is no policy. */
  get policy(): PreDiscardPolicy | undefined {
    return this.#policy;
  }

  /**
   * Takes note of a discard: the journal keeps it, and a regulator moves the dominance ratio.
   *
   * @param outcome What stayed and what went.
   */
  record(outcome: PreDiscardOutcome): void {
    this.journal.record(outcome);
    const ratio = this.#regulator?.observe(outcome.telemetry);
    if (ratio !== undefined) this.#policy = this.#policy?.withRatio(ratio);
  }
}
