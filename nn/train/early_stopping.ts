import { assertInstance, assertMethods } from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertFlags } from "../check/assert_flags.ts";
import { assertCount, assertNumber } from "../check/assert_number.ts";
import { assertOneOf } from "../check/assert_one_of.ts";
import type { ModuleDefinition } from "../discovery/definition.ts";
import { COUNT_SCHEMA } from "../layers/convolution.ts";
import { Module } from "../module.ts";
import type { HostTensor } from "../safetensors/format.ts";
import { hostTensors, tensorsOf } from "../safetensors/host_tensors.ts";
import { replaceElements } from "../state_dict.ts";
import type { TrainerCallback, TrainingControl } from "./callback.ts";
import type { EpochReport } from "./progress.ts";
import { reportsOf } from "./reports_of.ts";
import type { CallbackState } from "./run_state.ts";

/** Options of {@linkcode EarlyStopping}. */
export interface EarlyStoppingOptions {
  /** How many passes in a row may bring nothing better before training ends. */
  readonly patience: number;
  /**
   * What is watched: on the data for validation, or on that for training if there is none.
   *
   * @default {"loss"}
   */
  readonly monitor?: "loss" | "accuracy";
  /**
   * By how much a pass must be better to count.
   *
   * @default {0}
   */
  readonly minDelta?: number;
  /**
   * Whether the model gets the parameters of the best pass back at the end.
   *
   * @default {true}
   */
  readonly restoreBest?: boolean;
}

/**
 * Ends training when it has brought nothing better for some passes, and gives the model the parameters
 * of the best one back. Checkpoints hold those too, so an interruption changes nothing.
 *
 * **Source**: Prechelt, "Early stopping, but when?" (1998), criterion UP.
 *
 * @example At most three passes without progress
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { EarlyStopping } from "@spiraltorch/spiraltorch/nn";
 *
 * const stop = new EarlyStopping({ patience: 3 }); // for the `callbacks` of `Trainer.fit`
 * assertThrows(() => new EarlyStopping({ patience: 0 }));
 * ```
 */
export class EarlyStopping implements TrainerCallback {
  /** What its state is kept under. */
  readonly name = "early_stopping";
  /** The settings, with defaults filled in. */
  readonly settings: Required<EarlyStoppingOptions>;
  /** Larger is better. */
  #best: number | undefined;
  #bestEpoch = 0;
  #bestTensors: ReadonlyMap<string, HostTensor> = new Map();

  /**
   * Constructs a new instance.
   *
   * @param options What is watched, and for how long.
   * @throws {OptionError} `INVALID_OPTION` if `patience` is no whole number above 0, or `minDelta` no
   * number from 0.
   */
  constructor(options: EarlyStoppingOptions) {
    const { patience, monitor = "loss", minDelta = 0, restoreBest = true } =
      optionsOf("EarlyStopping", options);
    assertFlags("EarlyStopping", { restoreBest });
    assertCount("EarlyStopping patience", patience);
    assertOneOf("EarlyStopping monitor", monitor, ["loss", "accuracy"]);
    assertNumber("EarlyStopping minDelta", minDelta, { min: 0 });
    this.settings = { patience, monitor, minDelta, restoreBest };
  }

  /** The best pass so far, from 1; 0 before the first. */
  get bestEpoch(): number {
    return this.#bestEpoch;
  }

  /**
   * Compares a pass with the best one.
   *
   * @param report How the pass went.
   * @param control What is told to stop.
   */
  async onEpochEnd(
    report: EpochReport,
    control: TrainingControl,
  ): Promise<void> {
    const { patience, minDelta, restoreBest } = this.settings;
    reportsOf("EarlyStopping", [report]);
    assertControl(control);
    const score = this.#score(report);
    const isBetter = this.#best === undefined || score > this.#best + minDelta;
    // A NaN is never better, not even than nothing.
    if (isBetter && !Number.isNaN(score)) {
      this.#best = score;
      this.#bestEpoch = report.epoch;
      if (restoreBest) this.#bestTensors = await elementsOf(control.model);
    }
    if (report.epoch - this.#bestEpoch >= patience) control.stop();
  }

  /**
   * Gives the model the best parameters back.
   *
   * @param _result How training went.
   * @param control What has the model.
   */
  async onFitEnd(_result: unknown, control: TrainingControl): Promise<void> {
    assertControl(control);
    const { model } = control;
    if (this.#bestTensors.size === 0) return;
    const best = tensorsOf(this.#bestTensors);
    const parameters = model.parameters();
    await replaceElements(
      new Map(
        Array.from(best, ([name, tensor]) => [parameters.get(name)!, tensor]),
      ),
    );
    for (const tensor of best.values()) tensor.dispose();
  }

  /**
   * Tells the best pass.
   *
   * @returns Its number, score and parameters.
   */
  state(): CallbackState {
    return {
      values: { best: this.#best ?? null, bestEpoch: this.#bestEpoch },
      tensors: this.#bestTensors,
    };
  }

  /**
   * Takes the best pass back.
   *
   * @param state What `state` told.
   */
  restore(state: CallbackState): void {
    const { values, tensors } = optionsOf("a state of EarlyStopping", state);
    const { best, bestEpoch } = optionsOf("a state of EarlyStopping", values);
    assertInstance("tensors of EarlyStopping", tensors, Map);
    this.#best = typeof best === "number" ? best : undefined;
    this.#bestEpoch = typeof bestEpoch === "number" ? bestEpoch : 0;
    this.#bestTensors = tensors;
  }

  #score({ validation, ...own }: EpochReport): number {
    const { loss, accuracy } = validation ?? own;
    return this.settings.monitor === "loss" ? -loss : accuracy ?? NaN;
  }
}

function elementsOf(model: Module): Promise<Map<string, HostTensor>> {
  return hostTensors(model.parameters());
}

function assertControl(control: TrainingControl): void {
  const { model } = optionsOf("a training's control", control);
  assertInstance("model of a training", model, Module);
  assertMethods("a training's control", control, "stop");
}

/** `early_stopping`: {@linkcode EarlyStopping} by name. */
export const earlyStoppingDefinition: ModuleDefinition<EarlyStoppingOptions> = {
  type: "early_stopping",
  displayName: "EarlyStopping",
  description: "Ends training when it has brought nothing better for a while.",
  category: "Callback",
  config: {
    type: "object",
    properties: {
      patience: COUNT_SCHEMA,
      monitor: {
        type: "string",
        enum: ["loss", "accuracy"],
        default: "loss",
      },
      minDelta: { type: "number", minimum: 0, default: 0 },
      restoreBest: { type: "boolean", default: true },
    },
    required: ["patience"],
  },
  create: (config) => new EarlyStopping(config),
  toConfig: (built) =>
    built instanceof EarlyStopping ? built.settings : undefined,
};
