import {
  assertFunction,
  assertInstance,
  assertMethods,
  type Clock,
  invalidOption,
  SYSTEM_CLOCK,
} from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertOneOf } from "../check/assert_one_of.ts";
import { assertFlags } from "../check/assert_flags.ts";
import type { BatchSource } from "../data/batch.ts";
import { dataEmpty } from "../data/data_errors.ts";
import { checkpointInvalid, stateDictMismatch } from "../errors.ts";
import { Module } from "../module.ts";
import { assertOptimizer } from "../optimizers/assert_optimizer.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { tensorsOf } from "../safetensors/host_tensors.ts";
import { compareStates, replaceElements } from "../state_dict.ts";
import { assertBatches, assertFit } from "./assert_fit.ts";
import type { CheckpointStore } from "./checkpoint_store.ts";
import type { TrainingEvents } from "./events.ts";
import type { FitResult } from "./fit_result.ts";
import { FitRun } from "./fit_run.ts";
import { type Measures, type Metrics, RunningMeasures } from "./metrics.ts";
import type { TrainingProgress } from "./progress.ts";
import { PRECISIONS } from "./precision.ts";
import { ProgressBar } from "./progress_bar.ts";
import type { RunState } from "./run_state.ts";
import type { FitOptions, TrainerOptions } from "./trainer_options.ts";
import { TrainingSteps } from "./training_steps.ts";
import { Turns } from "./turns.ts";

/** Most batches of an evaluation whose numbers have not been read. */
const PENDING_MAX = 64;

/**
 * Trains a model: forward, backward and the optimizer's update are one compiled step.
 *
 * Training may go on with another call of `fit`: epochs are counted on, and the optimizer remembers.
 * With checkpoints it may go on in another process, and gives the same bits as without the interruption.
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
  readonly #optimizer: Optimizer;
  readonly #metrics: Metrics;
  readonly #events: TrainingEvents | undefined;
  readonly #clock: Clock;
  readonly #turns: Turns;
  readonly #steps: TrainingSteps;
  #state: RunState = {
    epochs: 0,
    steps: 0,
    call: { epochsBefore: 0, reports: [], isStopped: false },
    pass: undefined,
    callbacks: new Map(),
  };
  /** Whether the next call of `fit` goes on with one that was interrupted. */
  #isResumed = false;

  /**
   * Constructs a new instance.
   *
   * @param options Model, loss, optimizer, and who hears of epochs.
   * @throws {OptionError} `INVALID_OPTION` if `gradientCheckpointing` is asked for a model that is no
   * `Sequential`; at the first step. If there is no such `precision`, or `nanGuard` goes with `float16`.
   */
  constructor(options: TrainerOptions) {
    const {
      model,
      loss,
      optimizer,
      metrics = {},
      events,
      clock = SYSTEM_CLOCK,
      nanGuard = false,
      gradientCheckpointing = false,
      precision = "float32",
    } = optionsOf("Trainer", options);
    assertFlags("Trainer", { nanGuard, gradientCheckpointing });
    assertOneOf("Trainer precision", precision, PRECISIONS);
    if (precision === "float16" && nanGuard) {
      throw invalidOption(
        "Trainer nanGuard",
        nanGuard,
        "false with float16, which passes over steps that are not finite",
      );
    }
    assertInstance("Trainer model", model, Module);
    assertFunction("Trainer loss", loss);
    assertOptimizer("Trainer", optimizer);
    for (const [name, metric] of Object.entries(metrics)) {
      assertMethods(`Trainer metric "${name}"`, metric, "measure", "result");
    }
    assertMethods("Trainer clock", clock, "nowMs", "after");
    if (events !== undefined) {
      assertMethods("Trainer events", events, "publish");
    }
    this.#model = model;
    this.#optimizer = optimizer;
    this.#events = events;
    this.#clock = clock;
    this.#turns = new Turns(clock);
    this.#metrics = { ...metrics };
    this.#steps = new TrainingSteps({
      model,
      loss,
      optimizer,
      metrics: this.#metrics,
      nanGuard,
      gradientCheckpointing,
      precision,
    });
  }

  /**
   * Trains the model. After {@linkcode Trainer.resume} it goes on with the call that the checkpoint was
   * written in: data and options must be the same as then, but for a larger number of epochs.
   *
   * @param data What to train on.
   * @param options How long, who hears of it, and where checkpoints are kept.
   * @returns How it went.
   * @throws {NnError} `DATA_EMPTY` if there are no batches.
   * @throws {NnError} `STEP_NOT_FINITE` if the trainer has a `nanGuard`, and it finds something.
   * @throws {OptionError} `INVALID_OPTION` if `epochs` or `everySteps` is no whole number above 0, or the
   * schedule gives no number from 0.
   */
  async fit(data: BatchSource, options: FitOptions): Promise<FitResult> {
    assertFit(data, options);
    const { onProgress, progress, checkpoint } = options;
    if (data.batchCount === 0) throw dataEmpty("train");
    using bar = progress ? new ProgressBar(progress, this.#clock) : undefined;
    await this.#steps.prepare();
    const run = new FitRun({
      model: this.#model,
      steps: this.#steps,
      metrics: this.#metrics,
      data,
      options,
      learningRate: this.#optimizer.learningRate,
      events: this.#events,
      clock: this.#clock,
      turns: this.#turns,
      report(progress: TrainingProgress): void {
        bar?.show(progress);
        onProgress?.(progress);
      },
      evaluate: (data) => this.evaluate(data),
      save: async (state) => {
        if (!checkpoint) return;
        const { tensors } = this.#steps;
        // Loaded by those who keep checkpoints only.
        const { encodeCheckpoint } = await import("./checkpoint.ts");
        await checkpoint.store.write(await encodeCheckpoint(state, tensors));
      },
    }, this.#takeUp());
    try {
      const result = await run.run();
      bar?.end(result.epochs);
      return result;
    } finally {
      this.#state = run.state;
    }
  }

  /**
   * Takes training up where a checkpoint was written, in a trainer that was made in the same way: the
   * model, what the optimizer remembers, the order of the data, random numbers and callbacks. The next
   * call of `fit` then gives the same bits as if there had been no interruption.
   *
   * @example A program that may be started again and again
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import {
   *   Adam,
   *   ArrayDataset,
   *   type CheckpointStore,
   *   DataLoader,
   *   Linear,
   *   mse,
   *   Trainer,
   * } from "@spiraltorch/spiraltorch/nn";
   *
   * async function train(store: CheckpointStore): Promise<number> {
   *   const data = new DataLoader(
   *     new ArrayDataset({
   *       inputs: Float32Array.of(0, 1),
   *       inputShape: [1],
   *       targets: Float32Array.of(1, 3),
   *       targetShape: [1],
   *     }),
   *   );
   *   const model = new Linear({ inFeatures: 1, outFeatures: 1 });
   *   using trainer = new Trainer({ model, loss: mse, optimizer: new Adam() });
   *   await trainer.resume(store);
   *   const { epochs } = await trainer.fit(data, { epochs: 3, checkpoint: { store } });
   *   return epochs.at(-1)!.loss;
   * }
   *
   * let kept: Uint8Array<ArrayBuffer> | undefined;
   * const store = {
   *   write: (bytes: Uint8Array<ArrayBuffer>) => Promise.resolve(void (kept = bytes)),
   *   read: () => Promise.resolve(kept),
   * };
   * const loss = await train(store);
   * assertEquals(await train(store), loss); // nothing was left to do
   * ```
   *
   * @param store Where checkpoints are kept.
   * @returns Whether there was one.
   * @throws {NnError} `CHECKPOINT_INVALID` if what is kept is no checkpoint, or one of another model or
   * optimizer. Nothing has been replaced then.
   */
  async resume(store: CheckpointStore): Promise<boolean> {
    assertMethods("store of resume", store, "read");
    const bytes = await store.read();
    if (!bytes) return false;
    const { decodeCheckpoint } = await import("./checkpoint.ts");
    const { state, tensors } = await decodeCheckpoint(bytes);
    const found = tensorsOf(tensors);
    const wanted = this.#steps.tensors;
    const difference = compareStates(found, wanted);
    const { missing, unexpected, mismatched } = difference;
    if (missing.length + unexpected.length + mismatched.length > 0) {
      throw checkpointInvalid("found one of another model or optimizer", {
        cause: stateDictMismatch(difference),
      });
    }
    await this.#steps.prepare();
    await replaceElements(
      new Map(Array.from(wanted, ([name, old]) => [old, found.get(name)!])),
    );
    for (const tensor of found.values()) tensor.dispose();
    this.#state = state;
    this.#isResumed = true;
    return true;
  }

  /**
   * Measures the model on data, without training it.
   *
   * @param data The data.
   * @returns Mean loss, accuracy if the targets are numbers of classes, and what metrics measure.
   * @throws {NnError} `DATA_EMPTY` if there are no batches.
   */
  async evaluate(data: BatchSource): Promise<Measures> {
    assertBatches("data of evaluate", data);
    const modules = [...this.#model.modules().values()];
    const wereTraining = modules.map(({ isTraining }) => isTraining);
    await this.#model.realize();
    const measures = new RunningMeasures(this.#metrics);
    this.#model.eval();
    try {
      for await (using batch of data.epoch(0)) {
        const { inputs, targets } = batch;
        const metrics = await this.#steps.evaluate(inputs, targets);
        measures.add(metrics, inputs.shape[0]!);
        if (measures.pendingCount < PENDING_MAX) continue;
        await measures.read();
        await this.#turns.letOthersWork();
      }
    } finally {
      // Parents come first, so each module ends as it was whatever its parent was.
      for (const [i, module] of modules.entries()) {
        if (wereTraining[i]) module.train();
        else module.eval();
      }
    }
    await measures.read();
    if (measures.sums.samples === 0) throw dataEmpty("evaluate");
    return await measures.results();
  }

  /** Frees the compiled steps and what the optimizer remembers. */
  [Symbol.dispose](): void {
    this.#steps[Symbol.dispose]();
  }

  /** Where a call of `fit` begins: a new one, or what was interrupted. */
  #takeUp(): RunState {
    const state = this.#state;
    const isResumed = this.#isResumed;
    this.#isResumed = false;
    if (isResumed) return state;
    const { epochs } = state;
    const call = { epochsBefore: epochs, reports: [], isStopped: false };
    return { ...state, call, pass: undefined, callbacks: new Map() };
  }
}
