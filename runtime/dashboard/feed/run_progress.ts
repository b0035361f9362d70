import type { CurveGroup, CurvePart, RunState } from "../page/wire.ts";
import type { Epoch, Outcome, Step } from "./parse_announced.ts";
import { SampledCurve, type SeenPoints } from "./sampled_curve.ts";

/** Most measurements by name that get a curve; plugins choose the names of theirs. */
const METRICS_MAX = 16;

const START: RunState = {
  status: "waiting",
  epoch: 0,
  epochs: null,
  step: 0,
  loss: null,
  learningRate: null,
  examplesPerSecond: null,
  validationLoss: null,
  accuracy: null,
  elapsedMs: 0,
};

/** Which curves somebody has seen, and how much of each. */
export type SeenCurves = ReadonlyMap<string, SeenPoints>;

/** Curves of one training, and where it stands. */
export class RunProgress {
  #state = START;
  #runs = 0;
  #metrics = new Set<string>();
  #curves = new Map<string, {
    readonly group: CurveGroup;
    readonly name: string;
    readonly curve: SampledCurve;
  }>();

  /** Where it stands. */
  get state(): RunState {
    return this.#state;
  }

  /** Number of the training. */
  get runs(): number {
    return this.#runs;
  }

  /**
   * Notes when the last event was heard.
   *
   * @param elapsedMs When.
   */
  tick(elapsedMs: number): void {
    this.#state = { ...this.#state, elapsedMs };
  }

  /**
   * Notes that a pass begins.
   *
   * @param epoch Its number.
   */
  startEpoch(epoch: number): void {
    this.#set({ status: "training", epoch });
  }

  /**
   * Notes a step. One that is not after the last is the first of another training.
   *
   * @param step The step.
   */
  addStep({ step, epoch, loss, learningRate }: Step): void {
    if (step <= this.#state.step) this.#startRun();
    this.#set({ status: "training", epoch, step, loss, learningRate });
    this.#add("loss", "each step", loss);
    this.#add("rate", "learning rate", learningRate);
  }

  /**
   * Notes that a pass is over of which no more is known than its loss.
   *
   * @param epoch Its number.
   * @param loss Its mean loss.
   */
  endEpoch(epoch: number, loss: number): void {
    this.#set({ epoch });
    this.#add("loss", "each pass", loss);
  }

  /**
   * Notes how a pass went that is over.
   *
   * @param report How it went.
   */
  addEpoch({ epoch, epochs, accuracy, metrics, validation }: Epoch): void {
    this.#set({ epoch, epochs });
    const measured = Object.entries(validation?.metrics ?? metrics ?? {});
    for (const [name, value] of measured) {
      // Some give more than a curve can show.
      if (typeof value === "number") this.addMetric(name, value);
    }
    if (accuracy !== undefined) {
      this.#set({ accuracy });
      this.#add("accuracy", "training", accuracy);
    }
    if (!validation) return;
    this.#set({ validationLoss: validation.loss });
    this.#add("loss", "validation", validation.loss);
    if (validation.accuracy === undefined) return;
    this.#set({ accuracy: validation.accuracy });
    this.#add("accuracy", "validation", validation.accuracy);
  }

  /**
   * Notes the end of training.
   *
   * @param status How it ended.
   */
  end(status: Outcome): void {
    this.#set({ status });
  }

  /**
   * Notes how fast training is.
   *
   * @param examplesPerSecond How many samples it takes in a second.
   */
  addSpeed(examplesPerSecond: number): void {
    this.#set({ examplesPerSecond });
    this.#add("speed", "samples per second", examplesPerSecond);
  }

  /**
   * Notes a measurement that has no chart of its own.
   *
   * @param name Its name.
   * @param value Its value.
   */
  addMetric(name: string, value: number): void {
    if (!this.#metrics.has(name)) {
      if (this.#metrics.size === METRICS_MAX) return;
      this.#metrics.add(name);
    }
    this.#add("metric", name, value);
  }

  /**
   * Gives points that somebody has not seen.
   *
   * @param seen What they have seen.
   * @returns The points, and what they have seen then.
   */
  after(
    seen: SeenCurves,
  ): { readonly parts: CurvePart[]; readonly seen: SeenCurves } {
    const now = new Map<string, SeenPoints>();
    const parts: CurvePart[] = [];
    for (const [key, { group, name, curve }] of this.#curves) {
      now.set(key, curve.seen);
      const points = curve.after(seen.get(key));
      if (points) parts.push({ group, name, ...points });
    }
    return { parts, seen: now };
  }

  #set(change: Partial<RunState>): void {
    this.#state = { ...this.#state, ...change };
  }

  #startRun(): void {
    if (this.#state.step === 0) return;
    this.#runs++;
    this.#curves.clear();
    this.#metrics.clear();
    this.#state = { ...START, elapsedMs: this.#state.elapsedMs };
  }

  #add(group: CurveGroup, name: string, value: number): void {
    const key = `${group} ${name}`;
    let found = this.#curves.get(key);
    if (!found) {
      found = { group, name, curve: new SampledCurve() };
      this.#curves.set(key, found);
    }
    found.curve.add(this.#state.step, value);
  }
}
