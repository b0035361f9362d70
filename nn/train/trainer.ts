import { type Clock, SYSTEM_CLOCK } from "../../core/base/mod.ts";
import {
  compile,
  type Compiled,
  compileStep,
  gradients,
  type Tensor,
  tensor,
} from "../../ops/mod.ts";
import { assertCount, assertNumber } from "../check_options.ts";
import type { BatchSource } from "../data/batch.ts";
import { dataEmpty } from "../errors.ts";
import type { Loss } from "../losses/loss.ts";
import type { Module } from "../module.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Parameter } from "../parameter.ts";
import type { Schedule } from "../schedules/schedule.ts";
import { StepAnnouncer } from "./announce_steps.ts";
import type { TrainingEvents } from "./events.ts";
import {
  type BatchMetrics,
  batchMetrics,
  type Measures,
  RunningMeasures,
} from "./metrics.ts";
import type { EpochReport, TrainingProgress } from "./progress.ts";
import { ProgressBar } from "./progress_bar.ts";
import type {
  FitOptions,
  FitResult,
  TrainerOptions,
} from "./trainer_options.ts";

/** How often, at most, numbers are read and other work has its turn. */
const READ_INTERVAL_MS = 100;
/** Most steps whose numbers have not been read. */
const PENDING_MAX = 64;

/** One pass over the data. */
interface Pass {
  readonly epoch: number;
  readonly epochs: number;
  readonly data: BatchSource;
  readonly signal: AbortSignal | undefined;
  readonly report: (progress: TrainingProgress) => void;
  /** The learning rate of a batch of this pass. */
  readonly learningRate: (batch: number) => number;
}

/**
 * Trains a model: forward, backward and the optimizer's update are one compiled step.
 *
 * Training may go on with another call of `fit`: epochs are counted on, and the optimizer remembers.
 * Disposing the trainer frees the compiled steps and what the optimizer remembers, not the model.
 *
 * @example Fitting a line
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import {
 *   Adam,
 *   ArrayDataset,
 *   DataLoader,
 *   Linear,
 *   mse,
 *   Trainer,
 * } from "@spiraltorch/spiraltorch/nn";
 *
 * const data = new DataLoader(
 *   new ArrayDataset({
 *     inputs: Float32Array.of(0, 1, 2, 3),
 *     inputShape: [1],
 *     targets: Float32Array.of(1, 3, 5, 7),
 *     targetShape: [1],
 *   }),
 * );
 * const model = new Linear({ inFeatures: 1, outFeatures: 1 });
 * const optimizer = new Adam({ learningRate: 0.1 });
 * using trainer = new Trainer({ model, loss: mse, optimizer });
 * await trainer.fit(data, { epochs: 300 });
 * assertAlmostEquals(await model.weight.item(), 2, 0.01);
 * ```
 */
export class Trainer implements Disposable {
  readonly #model: Module;
  readonly #loss: Loss;
  readonly #optimizer: Optimizer;
  readonly #events: TrainingEvents | undefined;
  readonly #steps: StepAnnouncer;
  readonly #clock: Clock;
  readonly #parameters: ReadonlyMap<string, Parameter>;
  readonly #state: ReadonlyMap<string, Tensor>;
  readonly #step: Compiled<BatchMetrics>;
  readonly #evaluation: Compiled<BatchMetrics>;
  #epochs = 0;
  /** When numbers were last read in the middle of a pass. Passes may be shorter than the interval. */
  #readAtMs: number;

  /**
   * Constructs a new instance.
   *
   * @param options Model, loss, optimizer, and who hears of epochs.
   */
  constructor(
    { model, loss, optimizer, events, clock = SYSTEM_CLOCK }: TrainerOptions,
  ) {
    this.#model = model;
    this.#loss = loss;
    this.#optimizer = optimizer;
    this.#events = events;
    this.#steps = new StepAnnouncer(events, clock);
    this.#clock = clock;
    this.#readAtMs = clock.nowMs();
    this.#parameters = new Map(
      [...model.parameters()].filter(([, { trainable }]) => trainable),
    );
    this.#state = optimizer.initialState(this.#parameters);
    this.#step = compileStep((inputs, targets, learningRate) => {
      // What others noted without storing it is not of this step.
      model.takeUpdates();
      const { loss, metrics } = this.#measure(inputs!, targets!);
      const updates = this.#updates(loss, learningRate!);
      for (const [buffer, value] of model.takeUpdates()) {
        updates.set(buffer, value);
      }
      return { result: metrics, updates };
    });
    this.#evaluation = compile((inputs, targets) =>
      this.#measure(inputs!, targets!).metrics
    );
  }

  /**
   * Trains the model.
   *
   * @param data What to train on.
   * @param options How long, and who hears of it.
   * @returns How it went.
   * @throws {NnError} `DATA_EMPTY` if there are no batches.
   * @throws {OptionError} `INVALID_OPTION` if `epochs` is no whole number above 0, or the schedule
   * gives no number from 0.
   */
  async fit(
    data: BatchSource,
    options: FitOptions,
  ): Promise<FitResult> {
    const { epochs, validation, onProgress, signal, progress } = options;
    assertCount("fit epochs", epochs);
    if (data.batchCount === 0) throw dataEmpty("train");
    using bar = progress ? new ProgressBar(progress, this.#clock) : undefined;
    function report(progress: TrainingProgress): void {
      bar?.show(progress);
      onProgress?.(progress);
    }
    await this.#prepare();
    const reports: EpochReport[] = [];
    const first = this.#epochs;
    const last = first + epochs;
    while (this.#epochs < last) {
      if (signal?.aborted) return { outcome: "aborted", epochs: reports };
      const epoch = this.#epochs + 1;
      this.#events?.publish({ kind: "EpochStart", epoch });
      const done = (this.#epochs - first) * data.batchCount;
      const learningRate = (batch: number) =>
        this.#learningRate(
          (done + batch) / (epochs * data.batchCount),
          options.schedule,
        );
      const pass = { epoch, epochs: last, data, signal, report, learningRate };
      const finished = await this.#runPass(pass);
      if (!finished) return { outcome: "aborted", epochs: reports };
      this.#epochs = epoch;
      const { loss, accuracy } = finished;
      const epochReport: EpochReport = {
        epoch,
        loss,
        accuracy,
        validation: validation && await this.evaluate(validation),
        durationMs: finished.elapsedMs,
      };
      reports.push(epochReport);
      this.#events?.publish({ kind: "EpochEnd", epoch, loss });
      report({ ...finished, report: epochReport });
    }
    return { outcome: "completed", epochs: reports };
  }

  /**
   * Measures the model on data, without training it.
   *
   * @param data The data.
   * @returns Mean loss, and accuracy if the targets are numbers of classes.
   * @throws {NnError} `DATA_EMPTY` if there are no batches.
   */
  async evaluate(data: BatchSource): Promise<Measures> {
    if (data.batchCount === 0) throw dataEmpty("evaluate");
    const modules = [...this.#model.modules().values()];
    const wereTraining = modules.map(({ isTraining }) => isTraining);
    await this.#model.realize();
    const measures = new RunningMeasures();
    this.#model.eval();
    try {
      for await (using batch of data.epoch(0)) {
        const { inputs, targets } = batch;
        measures.add(await this.#evaluation(inputs, targets), inputs.shape[0]!);
        if (measures.pendingCount < PENDING_MAX) continue;
        await measures.read();
        await this.#letOthersWork();
      }
    } finally {
      // Parents come first, so each module ends as it was whatever its parent was.
      for (const [i, module] of modules.entries()) {
        if (wereTraining[i]) module.train();
        else module.eval();
      }
    }
    await measures.read();
    return measures.means;
  }

  /** Frees the compiled steps and what the optimizer remembers. */
  [Symbol.dispose](): void {
    this.#step[Symbol.dispose]();
    this.#evaluation[Symbol.dispose]();
    for (const tensor of this.#state.values()) tensor.dispose();
  }

  /** The learning rate after a share of the steps. */
  #learningRate(share: number, schedule: Schedule | undefined): number {
    const { learningRate } = this.#optimizer;
    if (!schedule) return learningRate;
    const factor = schedule(share);
    assertNumber("a schedule's factor", factor, { min: 0 });
    return learningRate * factor;
  }

  /** Gives elements to everything that steps write to. */
  async #prepare(): Promise<void> {
    await this.#model.realize();
    for (const tensor of this.#state.values()) await tensor.realize();
  }

  #measure(inputs: Tensor, targets: Tensor): {
    readonly loss: Tensor;
    readonly metrics: BatchMetrics;
  } {
    const prediction = this.#model.forward(inputs);
    const loss = this.#loss(prediction, targets);
    const metrics = batchMetrics(loss, { prediction, target: targets });
    return { loss, metrics };
  }

  #updates(loss: Tensor, learningRate: Tensor): Map<Tensor, Tensor> {
    const names = [...this.#parameters.keys()];
    const slopes = gradients(loss, [...this.#parameters.values()]);
    return this.#optimizer.update({
      parameters: this.#parameters,
      gradients: new Map(names.map((name, i) => [name, slopes[i]!])),
      state: this.#state,
      learningRate,
    });
  }

  /** Goes through the data once; `undefined` if the signal ended it. */
  async #runPass(pass: Pass): Promise<PassProgress | undefined> {
    const { data, signal, report } = pass;
    const measures = new RunningMeasures();
    const startMs = this.#clock.nowMs();
    let batch = 0;
    const progress = (): PassProgress =>
      passProgress(pass, {
        batch,
        measures,
        elapsedMs: this.#clock.nowMs() - startMs,
      });
    this.#model.train();
    this.#steps.start();
    for await (using samples of data.epoch(pass.epoch - 1)) {
      if (signal?.aborted) return undefined;
      const { inputs, targets } = samples;
      const rate = pass.learningRate(batch);
      using learningRate = tensor(rate);
      const examples = inputs.shape[0]!;
      measures.add(await this.#step(inputs, targets, learningRate), examples);
      batch++;
      const { epoch } = pass;
      this.#steps.add({ epoch, batch, examples, learningRate: rate });
      const isDue = this.#clock.nowMs() - this.#readAtMs >= READ_INTERVAL_MS;
      if (!isDue && measures.pendingCount < PENDING_MAX) continue;
      this.#steps.announce(await measures.read());
      report({ ...progress(), report: undefined });
      await this.#letOthersWork();
    }
    this.#steps.announce(await measures.read());
    return progress();
  }

  /** Steps may be computed without ever waiting: then no timer fires and no signal arrives. */
  async #letOthersWork(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.after(0, resolve));
    this.#readAtMs = this.#clock.nowMs();
  }
}

/** How one pass is going. */
type PassProgress = Omit<TrainingProgress, "report">;

function passProgress(
  { epoch, epochs, data }: Pass,
  { batch, measures, elapsedMs }: {
    readonly batch: number;
    readonly measures: RunningMeasures;
    readonly elapsedMs: number;
  },
): PassProgress {
  const batches = data.batchCount;
  const left = batches - batch + (epochs - epoch) * batches;
  return {
    epoch,
    epochs,
    batch,
    batches,
    ...measures.means,
    // A fast machine may do a pass within one tick of the clock.
    samplesPerSecond: 1000 * measures.samples / Math.max(elapsedMs, 1),
    remainingMs: left * elapsedMs / batch,
    elapsedMs,
  };
}
