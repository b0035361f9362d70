import { optionsOf } from "../../../ops/mod.ts";
import { assertOneOf } from "../../check/assert_one_of.ts";
import { assertText } from "../../check/assert_text.ts";
import { OptionChecks } from "../check_options.ts";
import {
  STAGE_KINDS,
  type ZSpaceSequencerPlugin,
  type ZSpaceSequencerStage,
} from "../sequencer/stage.ts";
import { writeTraceFile } from "./trace_file.ts";
import { recordStage, type TraceRecord } from "./trace_record.ts";

/** Options of {@linkcode ZSpaceTraceRecorder}. */
export interface TraceRecorderOptions {
  /**
   * How many records are kept; older ones make room.
   *
   * @default {256}
   */
  readonly capacity?: number;
  /**
   * How many elements of a tensor are kept.
   *
   * @default {256}
   */
  readonly maxVectorLength?: number;
  /**
   * Whether each record also becomes a `ZSpaceTrace` event, where the recorder is registered with an
   * ecosystem and somebody listens.
   *
   * @default {false}
   */
  readonly publish?: boolean;
}

/**
 * A plugin of sequencers that keeps the last stages as plain data.
 *
 * @example The stages of one pass
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import {
 *   parseTraceRecord,
 *   ZSpaceCoherenceSequencer,
 *   ZSpaceTraceRecorder,
 * } from "@spiraltorch/spiraltorch/nn";
 * import { ones } from "@spiraltorch/spiraltorch/ops";
 *
 * const recorder = new ZSpaceTraceRecorder();
 * const sequencer = new ZSpaceCoherenceSequencer({ dim: 8, heads: 2 });
 * sequencer.attach(recorder);
 * await sequencer.forwardWithDiagnostics(ones([2, 8]));
 * const kinds = recorder.snapshot().map(({ kind }) => kind);
 * assertEquals(kinds, ["projected", "coherence_measured", "aggregated"]);
 * const [first] = recorder.toJsonl().split("\n");
 * assertEquals(parseTraceRecord(first!).step, 1);
 * ```
 */
export class ZSpaceTraceRecorder implements ZSpaceSequencerPlugin {
  /** Its name among plugins. */
  readonly name = "zspace_trace";
  /** Whether stages become events too. */
  readonly publishStages: boolean;
  readonly #capacity: number;
  readonly #maxVectorLength: number;
  #records: TraceRecord[] = [];
  #seen = 0;

  /**
   * Constructs a new instance.
   *
   * @param options How much is kept, and whether it is published.
   * @throws {OptionError} `INVALID_OPTION` if a number is no whole number from 1 on, or `publish` neither
   * true nor false.
   */
  constructor(options?: TraceRecorderOptions) {
    const { capacity = 256, maxVectorLength = 256, publish = false } =
      optionsOf("ZSpaceTraceRecorder", options);
    const checks = new OptionChecks("ZSpaceTraceRecorder");
    checks.count("capacity", capacity);
    checks.count("maxVectorLength", maxVectorLength);
    checks.oneOf("publish", publish, [true, false]);
    checks.end();
    this.publishStages = publish;
    this.#capacity = capacity;
    this.#maxVectorLength = maxVectorLength;
  }

  /** How many stages have been recorded. */
  get seen(): number {
    return this.#seen;
  }

  /** How many records have made room for others. */
  get dropped(): number {
    return this.#seen - this.#records.length;
  }

  /**
   * Keeps a stage.
   *
   * @param stage The stage.
   */
  async onStage(stage: ZSpaceSequencerStage): Promise<void> {
    assertOneOf("kind of a stage", Object(stage).kind, STAGE_KINDS);
    const options = { maxVectorLength: this.#maxVectorLength };
    this.#records.push(await recordStage(stage, options));
    this.#seen++;
    if (this.#records.length > this.#capacity) this.#records.shift();
  }

  /**
   * Lists what is kept.
   *
   * @returns The records, oldest first: a copy, which no one else changes.
   */
  snapshot(): TraceRecord[] {
    return structuredClone(this.#records);
  }

  /** Forgets everything, and how many stages there were too. */
  clear(): void {
    this.#records = [];
    this.#seen = 0;
  }

  /**
   * Writes what is kept as text.
   *
   * @returns One record a line.
   */
  toJsonl(): string {
    return this.#records.map((record) => `${JSON.stringify(record)}\n`).join(
      "",
    );
  }

  /**
   * Writes what is kept to a file, in the place of what was there.
   *
   * @param path Where.
   */
  async writeJsonl(path: string | URL): Promise<void> {
    if (!(path instanceof URL)) assertText("path of a trace", path);
    await writeTraceFile(path, this.toJsonl());
  }
}
