import { assertMethods, type Clock } from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertFlags } from "../check/assert_flags.ts";
import { assertNumber } from "../check/assert_number.ts";
import { epochTable } from "./epoch_table.ts";
import { type Measures, scalarMetrics } from "./metrics.ts";
import type { EpochReport, TrainingProgress } from "./progress.ts";
import { reportsOf } from "./reports_of.ts";

/** Where text for people goes. */
export interface TextSink {
  /** Whether what was written can be overwritten. */
  readonly isTerminal: boolean;
  /** How many characters fit in a line. */
  readonly columns: number;
  /**
   * Writes text as it is.
   *
   * @param text The text.
   */
  write(text: string): void;
}

/** Redrawing more often only makes a terminal flicker. */
const REDRAW_INTERVAL_MS = 80;
const BAR_WIDTH = 20;
/** Clears the line from the cursor on. */
const CLEAR = "\x1b[K";

/**
 * Shows how training is going: a line that is drawn again and again on a terminal, one line an epoch
 * elsewhere. Disposing it ends a line that is being drawn.
 */
export class ProgressBar implements Disposable {
  readonly #sink: TextSink;
  readonly #clock: Clock;
  #drawnAtMs = -Infinity;
  #isLineOpen = false;

  /**
   * Constructs a new instance.
   *
   * @param sink Where the text goes.
   * @param clock What limits how often it is drawn.
   */
  constructor(sink: TextSink, clock: Clock) {
    assertMethods("sink of ProgressBar", sink, "write");
    assertFlags("sink", { isTerminal: sink.isTerminal });
    assertNumber("sink columns", sink.columns, { min: 0 });
    assertMethods("clock of ProgressBar", clock, "nowMs");
    this.#sink = sink;
    this.#clock = clock;
  }

  /**
   * Shows the progress, if it is time to.
   *
   * @param progress How training is going.
   */
  show(progress: TrainingProgress): void {
    const { report, epochs } = optionsOf("a progress", progress);
    if (report !== undefined) reportsOf("ProgressBar", [report]);
    if (report) {
      const start = this.#isLineOpen ? "\r" : "";
      const end = this.#isLineOpen ? `${CLEAR}\n` : "\n";
      this.#sink.write(`${start}${epochLine(report, epochs)}${end}`);
      this.#isLineOpen = false;
      return;
    }
    const nowMs = this.#clock.nowMs();
    const isDue = nowMs - this.#drawnAtMs >= REDRAW_INTERVAL_MS;
    if (!this.#sink.isTerminal || !isDue) return;
    this.#drawnAtMs = nowMs;
    // One column less: a full line would move some terminals to the next.
    const line = liveLine(progress).slice(
      0,
      Math.max(0, this.#sink.columns - 1),
    );
    this.#sink.write(`\r${line}${CLEAR}`);
    this.#isLineOpen = true;
  }

  /**
   * Writes how training went as a table, if there is more than one pass to compare.
   *
   * @param reports The passes.
   */
  end(reports: readonly EpochReport[]): void {
    const all = reportsOf("ProgressBar", reports);
    this[Symbol.dispose]();
    if (all.length > 1) this.#sink.write(`\n${epochTable(all)}\n`);
  }

  /** Ends a line that is being drawn. */
  [Symbol.dispose](): void {
    if (this.#isLineOpen) this.#sink.write("\n");
    this.#isLineOpen = false;
  }
}

function liveLine(progress: TrainingProgress): string {
  const { epoch, epochs, batch, batches, remainingMs } = progress;
  return [
    `epoch ${epoch}/${epochs}`,
    ...batches === undefined
      ? [`batch ${batch}`]
      : [bar(batch / batches), `${batch}/${batches}`],
    ...measureParts(progress),
    `${Math.round(progress.samplesPerSecond)} samples/s`,
    ...remainingMs === undefined ? [] : [`${formatDuration(remainingMs)} left`],
  ].join("  ");
}

function bar(share: number): string {
  const filled = Math.round(BAR_WIDTH * share);
  return `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)}`;
}

function epochLine(report: EpochReport, epochs: number): string {
  const { validation, durationMs } = report;
  return [
    `epoch ${report.epoch}/${epochs}`,
    ...measureParts(report),
    ...validation ? ["validation", ...measureParts(validation)] : [],
    `${(durationMs / 1000).toFixed(1)} s`,
  ].join("  ");
}

function measureParts(measures: Measures): string[] {
  const { loss, accuracy } = measures;
  return [
    `loss ${loss.toPrecision(4)}`,
    ...accuracy === undefined
      ? []
      : [`accuracy ${(100 * accuracy).toFixed(2)} %`],
    ...[...scalarMetrics(measures)].map(([name, value]) =>
      `${name} ${value.toPrecision(4)}`
    ),
  ];
}

/** Minutes and seconds, `1:05`. */
function formatDuration(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}
