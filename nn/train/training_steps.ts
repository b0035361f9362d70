import {
  compile,
  type Compiled,
  compileStep,
  gradients,
  guardFinite,
  isFinite,
  mixedPrecision,
  type Tensor,
  TensorError,
} from "../../ops/mod.ts";
import type { Loss } from "../losses/loss.ts";
import type { Module } from "../module.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Parameter } from "../parameter.ts";
import { keptUnless, largestOf, LossScaling } from "./loss_scaling.ts";
import type { Precision } from "./precision.ts";
import { applyRecomputed } from "./apply_recomputed.ts";
import { type BatchMetrics, batchMetrics, type Metrics } from "./metrics.ts";

/** What steps are made of. */
export interface TrainingStepsOptions {
  /** What is trained. */
  readonly model: Module;
  /** What is to become small. */
  readonly loss: Loss;
  /** How gradients change the model. */
  readonly optimizer: Optimizer;
  /** What is measured besides the loss. */
  readonly metrics?: Metrics;
  /** Whether a step whose numbers are not finite is undone, and the cause of it named. */
  readonly nanGuard: boolean;
  /** Whether the values between layers are computed again for the gradients. */
  readonly gradientCheckpointing: boolean;
  /** How values between products are stored while the model is trained; `float32` if left out. */
  readonly precision?: Precision;
}

/** What one step is given. */
export interface StepInputs {
  /** What the model is given. */
  readonly inputs: Tensor;
  /** What it should give. */
  readonly targets: Tensor;
  /** Length of the step, a scalar. */
  readonly learningRate: Tensor;
}

/** What a guarded step gives besides its metrics: the largest magnitude of loss and slopes. */
type GuardedMetrics = BatchMetrics & { readonly health?: Tensor };

const HEALTH = "loss and slopes of a step";

/**
 * The compiled steps of training and evaluation, and the tensors that they change: the model's
 * parameters and what the optimizer remembers.
 */
export class TrainingSteps implements Disposable {
  readonly #options: TrainingStepsOptions;
  readonly #parameters: ReadonlyMap<string, Parameter>;
  readonly #state: ReadonlyMap<string, Tensor>;
  readonly #scaling: LossScaling | undefined;
  readonly #step: Compiled<GuardedMetrics>;
  readonly #evaluation: Compiled<BatchMetrics>;

  /**
   * Constructs a new instance.
   *
   * @param options What steps are made of.
   */
  constructor(options: TrainingStepsOptions) {
    const { model, optimizer, nanGuard, precision } = options;
    this.#options = options;
    this.#parameters = new Map(
      [...model.parameters()].filter(([, { trainable }]) => trainable),
    );
    this.#state = optimizer.initialState(this.#parameters);
    this.#scaling = precision === "float16" ? new LossScaling() : undefined;
    this.#step = compileStep((inputs, targets, learningRate) => {
      const { metrics, noted } = this.#train(inputs!, targets!);
      const slopes = this.#slopes(metrics.loss);
      const updates = this.#updates(slopes, learningRate!);
      for (const [buffer, value] of noted) updates.set(buffer, value);
      if (this.#scaling) {
        return {
          result: metrics,
          updates: this.#scaling.guard(updates, slopes),
        };
      }
      return nanGuard
        ? guarded({ metrics, slopes, updates })
        : { result: metrics, updates };
    });
    this.#evaluation = compile((inputs, targets) =>
      this.#measure(inputs!, targets!).metrics
    );
  }

  /** Everything that steps change, by name: parameters, then what the optimizer remembers. */
  get tensors(): Map<string, Tensor> {
    return new Map<string, Tensor>([
      ...Array.from(
        this.#options.model.parameters(),
        ([name, tensor]) => [`model.${name}`, tensor] as const,
      ),
      ...Array.from(
        this.#state,
        ([name, tensor]) => [`optimizer.${name}`, tensor] as const,
      ),
      ...Array.from(
        this.#scaling?.tensors ?? [],
        ([name, tensor]) => [`optimizer.${name}`, tensor] as const,
      ),
    ]);
  }

  /** Gives elements to everything that steps change. */
  async prepare(): Promise<void> {
    for (const tensor of this.tensors.values()) await tensor.realize();
  }

  /**
   * Takes a step.
   *
   * @param step What it is given.
   * @returns What was measured before the step.
   * @throws {NnError} `STEP_NOT_FINITE` if it is guarded and its numbers are not finite. Nothing has
   * changed then.
   */
  async run(step: StepInputs): Promise<BatchMetrics> {
    const { inputs, targets, learningRate } = step;
    try {
      const { health, ...metrics } = await this.#step(
        inputs,
        targets,
        learningRate,
      );
      health?.dispose();
      return metrics;
    } catch (error) {
      const isUnhealthy = error instanceof TensorError &&
        error.code === "NON_FINITE_VALUE" && error.details.label === HEALTH;
      throw isUnhealthy ? await this.#diagnose(step) : error;
    }
  }

  /**
   * Measures a batch.
   *
   * @param inputs What the model is given.
   * @param targets What it should give.
   * @returns What was measured.
   */
  async evaluate(inputs: Tensor, targets: Tensor): Promise<BatchMetrics> {
    return await this.#evaluation(inputs, targets);
  }

  /** Frees what was compiled and what the optimizer remembers. */
  [Symbol.dispose](): void {
    this.#step[Symbol.dispose]();
    this.#evaluation[Symbol.dispose]();
    for (const tensor of this.#state.values()) tensor.dispose();
    this.#scaling?.[Symbol.dispose]();
  }

  #measure(inputs: Tensor, targets: Tensor): {
    readonly loss: Tensor;
    readonly metrics: BatchMetrics;
  } {
    const { model, loss: lossOf, gradientCheckpointing } = this.#options;
    const prediction = gradientCheckpointing && model.isTraining
      ? applyRecomputed(model, inputs)
      : model.forward(inputs);
    const loss = lossOf(prediction, targets);
    const { metrics = {} } = this.#options;
    const measured = { prediction, target: targets, metrics };
    return { loss, metrics: batchMetrics(loss, measured) };
  }

  /** What a step measures and what the model notes in it, in the precision that was asked for. */
  #train(inputs: Tensor, targets: Tensor): {
    readonly metrics: BatchMetrics;
    readonly noted: ReadonlyMap<Tensor, Tensor>;
  } {
    const { model, precision = "float32" } = this.#options;
    // What others noted without storing it is not of this step.
    model.takeUpdates();
    const { metrics } = this.#measure(inputs, targets);
    const noted = model.takeUpdates();
    if (precision === "float32") return { metrics, noted };
    // Together, so that what they share stays shared.
    const [names, buffers] = [Object.keys(metrics), [...noted.keys()]];
    const mixed = mixedPrecision(
      [...Object.values(metrics), ...noted.values()],
      { dtype: precision },
    );
    return {
      metrics: Object.fromEntries(
        names.map((name, i) => [name, mixed[i]!]),
      ) as BatchMetrics, // The same names.
      noted: new Map(
        buffers.map((buffer, i) => [buffer, mixed[names.length + i]!]),
      ),
    };
  }

  #slopes(loss: Tensor): Map<string, Tensor> {
    const scaled = this.#scaling?.scale(loss) ?? loss;
    const slopes = gradients(scaled, [...this.#parameters.values()]);
    return new Map(
      Array.from(this.#parameters.keys(), (name, i) => [
        name,
        this.#scaling?.unscale(slopes[i]!) ?? slopes[i]!,
      ]),
    );
  }

  #updates(
    gradients: ReadonlyMap<string, Tensor>,
    learningRate: Tensor,
  ): Map<Tensor, Tensor> {
    return this.#options.optimizer.update({
      parameters: this.#parameters,
      gradients,
      state: this.#state,
      learningRate,
    });
  }

  /** Takes the step that went wrong once more, without its updates, and looks at everything in it. */
  async #diagnose({ inputs, targets }: StepInputs): Promise<Error> {
    const { model } = this.#options;
    const { loss } = this.#measure(inputs, targets);
    model.takeUpdates();
    // Only here: most trainings need none.
    const { diagnoseStep } = await import("./diagnose_step.ts");
    return await diagnoseStep({
      loss,
      slopes: this.#slopes(loss),
      given: new Map<string, Tensor>([
        ["inputs", inputs],
        ["targets", targets],
        ...this.tensors,
      ]),
    });
  }
}

/** Where numbers are not finite, everything stays as it was, and whoever runs the step is told. */
function guarded({ metrics, slopes, updates }: {
  readonly metrics: BatchMetrics;
  readonly slopes: ReadonlyMap<string, Tensor>;
  readonly updates: ReadonlyMap<Tensor, Tensor>;
}): {
  readonly result: GuardedMetrics;
  readonly updates: Map<Tensor, Tensor>;
} {
  const health = largestOf([metrics.loss, ...slopes.values()]);
  const kept = keptUnless(isFinite(health), updates);
  const result = { ...metrics, health: guardFinite(health, HEALTH) };
  return { result, updates: kept };
}
