import { type Clock, doWatched, workObserver } from "../../core/base/mod.ts";
import { tensor } from "../../ops/mod.ts";
import { assertNumber } from "../check/assert_number.ts";
import { type Batch, batchesFrom, type BatchSource } from "../data/batch.ts";
import { dataEmpty } from "../data/data_errors.ts";
import type { Module } from "../module.ts";
import { StepAnnouncer } from "./announce_steps.ts";
import type { TrainerCallback, TrainingControl } from "./callback.ts";
import { isHeard, type TrainingEvents } from "./events.ts";
import type { FitResult } from "./fit_result.ts";
import { type Measures, type Metrics, RunningMeasures } from "./metrics.ts";
import {
  type EpochReport,
  type PassProgress,
  passProgress,
  type TrainingProgress,
} from "./progress.ts";
import type { FitCall, PassState, RunState } from "./run_state.ts";
import type { FitOptions } from "./trainer_options.ts";
import type { TrainingSteps } from "./training_steps.ts";
import type { Turns } from "./turns.ts";

/** What a call of `fit` works with. */
export interface FitRunParts {
  /** What is trained. */
  readonly model: Module;
  /** Its compiled steps. */
  readonly steps: TrainingSteps;
  /** What is measured besides the loss. */
  readonly metrics: Metrics;
  /** What to train on. */
  readonly data: BatchSource;
  /** How long, and who takes part. */
  readonly options: FitOptions;
  /** Length of a step, unless a schedule says otherwise. */
  readonly learningRate: number;
  /** Where is announced what happens. */
  readonly events: TrainingEvents | undefined;
  /** What durations are measured by. */
  readonly clock: Clock;
  /** When numbers are read. */
  readonly turns: Turns;
  /** Told how it is going. */
  readonly report: (progress: TrainingProgress) => void;
  /**
   * Measures the model.
   *
   * @param data On what.
   * @returns The means.
   */
  readonly evaluate: (data: BatchSource) => Promise<Measures>;
  /**
   * Keeps a checkpoint, if the call is to keep any.
   *
   * @param state Where training stands.
   */
  readonly save: (state: RunState) => Promise<void>;
}

/** One call of `fit`: passes over the data from where training stands. */
export class FitRun {
  readonly #parts: FitRunParts;
  readonly #announcer: StepAnnouncer;
  readonly #callbacks: readonly TrainerCallback[];
  readonly #control: TrainingControl;
  #epochs: number;
  #steps: number;
  #call: FitCall;
  #pass: PassState | undefined;

  /**
   * Constructs a new instance.
   *
   * @param parts What it works with.
   * @param state Where training stands.
   */
  constructor(parts: FitRunParts, state: RunState) {
    this.#parts = parts;
    this.#announcer = new StepAnnouncer(parts.events, parts.clock);
    this.#callbacks = parts.options.callbacks ?? [];
    this.#control = {
      model: parts.model,
      stop: () => void (this.#call = { ...this.#call, isStopped: true }),
    };
    this.#epochs = state.epochs;
    this.#steps = state.steps;
    this.#call = state.call;
    this.#pass = state.pass;
    for (const callback of this.#callbacks) {
      const remembered = state.callbacks.get(callback.name);
      if (remembered) callback.restore?.(remembered);
    }
  }

  /** Where training stands. */
  get state(): RunState {
    const callbacks = this.#callbacks.flatMap((callback) => {
      const state = callback.state?.();
      return state ? [[callback.name, state] as const] : [];
    });
    return {
      epochs: this.#epochs,
      steps: this.#steps,
      call: this.#call,
      pass: this.#pass,
      callbacks: new Map(callbacks),
    };
  }

  /**
   * Goes on until all passes are done, or a callback or the signal ends it.
   *
   * @returns How it went.
   */
  async run(): Promise<FitResult> {
    const outcome = await doWatched(
      "train.fit",
      () => ({ epochs: this.#parts.options.epochs }),
      () => this.#runEpochs(),
    );
    const result = { outcome, epochs: this.#call.reports };
    const { events } = this.#parts;
    if (events && isHeard(events, "TrainerEnd")) {
      const data = { outcome, epochs: this.#epochs };
      events.publish({ kind: "Custom", eventType: "TrainerEnd", data });
    }
    for (const callback of this.#callbacks) {
      await callback.onFitEnd?.(result, this.#control);
    }
    return result;
  }

  async #runEpochs(): Promise<FitResult["outcome"]> {
    const { epochs, signal } = this.#parts.options;
    while (this.#epochs < this.#call.epochsBefore + epochs) {
      if (this.#call.isStopped) return "stopped";
      if (signal?.aborted) return "aborted";
      const epoch = this.#epochs + 1;
      const finished = await doWatched(
        "train.epoch",
        () => ({ epoch }),
        () => this.#runEpoch(epoch),
      );
      if (!finished) {
        await this.#parts.save(this.state);
        return "aborted";
      }
    }
    return this.#call.isStopped ? "stopped" : "completed";
  }

  /** Does a pass, or what is left of it, and tells whether it came to the end. */
  async #runEpoch(epoch: number): Promise<boolean> {
    const { events, options, evaluate, report, save } = this.#parts;
    events?.publish({ kind: "EpochStart", epoch });
    for (const callback of this.#callbacks) {
      await callback.onEpochStart?.(epoch, this.#control);
    }
    const progress = await this.#runPass(epoch);
    if (!progress) return false;
    const { loss, accuracy, metrics } = progress;
    const epochReport: EpochReport = {
      epoch,
      loss,
      accuracy,
      ...metrics && { metrics },
      validation: options.validation && await evaluate(options.validation),
      durationMs: progress.elapsedMs,
    };
    const reports = [...this.#call.reports, epochReport];
    this.#call = { ...this.#call, reports };
    this.#epochs = epoch;
    this.#pass = undefined;
    events?.publish({ kind: "EpochEnd", epoch, loss });
    if (events && isHeard(events, "TrainerEpoch")) {
      const data = { ...epochReport, epochs: progress.epochs };
      events.publish({ kind: "Custom", eventType: "TrainerEpoch", data });
    }
    report({ ...progress, report: epochReport });
    for (const callback of this.#callbacks) {
      await callback.onEpochEnd?.(epochReport, this.#control);
    }
    await save(this.state);
    return true;
  }

  /** Goes through what is left of the data; `undefined` if the signal ended it. */
  async #runPass(epoch: number): Promise<PassProgress | undefined> {
    const { model, data, metrics, options, clock, turns, report, save } =
      this.#parts;
    const everySteps = options.checkpoint?.everySteps ?? Infinity;
    const before = this.#pass;
    const measures = new RunningMeasures(metrics, before?.sums);
    const startMs = clock.nowMs();
    let batch = before?.batch ?? 0;
    const progress = (): PassProgress =>
      passProgress({
        epoch,
        epochs: this.#call.epochsBefore + options.epochs,
        batches: data.batchCount,
        batch,
        means: measures.means,
        done: {
          batches: batch - (before?.batch ?? 0),
          samples: measures.sums.samples - (before?.sums.samples ?? 0),
        },
        elapsedMs: clock.nowMs() - startMs,
      });
    const read = async () => {
      this.#announcer.announce(await measures.read());
      this.#pass = { batch, sums: measures.sums };
    };
    model.train();
    this.#announcer.start();
    for await (using each of batchesFrom(data, epoch - 1, { batch })) {
      if (options.signal?.aborted) {
        await read();
        return undefined;
      }
      await this.#step(each, { epoch, batch, measures });
      batch++;
      const isSaved = this.#steps % everySteps === 0;
      if (!isSaved && !turns.isDue(measures.pendingCount)) continue;
      await read();
      if (isSaved) await save(this.state);
      report({ ...progress(), report: undefined });
      await turns.letOthersWork();
    }
    await read();
    if (batch === 0) throw dataEmpty("train");
    return { ...progress(), ...await measures.results() };
  }

  async #step(
    { inputs, targets }: Batch,
    { epoch, batch, measures }: {
      readonly epoch: number;
      readonly batch: number;
      readonly measures: RunningMeasures;
    },
  ): Promise<void> {
    const rate = this.#learningRate(batch);
    using learningRate = tensor(rate);
    const examples = inputs.shape[0]!;
    const given = { inputs, targets, learningRate };
    const observer = workObserver("train.step");
    const metrics = await (observer
      ? observer(
        {
          name: "train.step",
          attributes: {
            step: this.#steps + 1,
            epoch,
            batch: batch + 1,
            examples,
          },
        },
        () => this.#parts.steps.run(given),
      )
      : this.#parts.steps.run(given));
    measures.add(metrics, examples);
    this.#announcer.add({
      step: ++this.#steps,
      epoch,
      batch: batch + 1,
      examples,
      learningRate: rate,
    });
  }

  /** The learning rate before a batch of the pass under way. */
  #learningRate(batch: number): number {
    const { data: { batchCount }, options, learningRate } = this.#parts;
    const { schedule, epochs } = options;
    if (!schedule) return learningRate;
    const done = this.#epochs - this.#call.epochsBefore;
    // Where nobody knows the end of a pass, the rate changes from pass to pass.
    const factor = schedule(
      batchCount === undefined
        ? done / epochs
        : (done * batchCount + batch) / (epochs * batchCount),
    );
    assertNumber("a schedule's factor", factor, { min: 0 });
    return learningRate * factor;
  }
}
