import { shapeMismatch } from "../../core/base/mod.ts";
import { type Tensor, tensor } from "../../ops/mod.ts";
import type { Metric, MetricValue } from "../metrics/metric.ts";

/** Metrics by the names that they are reported under. */
export type Metrics = Readonly<Record<string, Metric>>;

/** What is measured in one batch, not computed yet. */
export type BatchMetrics = {
  /** Loss of the batch. */
  readonly loss: Tensor;
  /** How many samples were put into the right class; only where there are classes. */
  readonly correct?: Tensor;
  /** What the batch adds to a metric. */
  readonly [sums: `sums of ${string}`]: Tensor;
};

/**
 * Describes what is measured in one batch.
 *
 * @param loss Loss of the batch.
 * @param prediction What the model gave.
 * @param target What it should have given.
 * @param metrics What else is measured.
 * @returns The loss, how many classes are right if the targets are numbers of classes, and what the batch
 * adds to each metric.
 */
export function batchMetrics(
  loss: Tensor,
  { prediction, target, metrics = {} }: {
    readonly prediction: Tensor;
    readonly target: Tensor;
    readonly metrics?: Metrics;
  },
): BatchMetrics {
  const sums = Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) => [
      `sums of ${name}` as const,
      metric.measure(prediction, target).cast("float32"),
    ]),
  );
  const hasClasses = target.dtype === "int32" &&
    prediction.rank === target.rank + 1;
  if (!hasClasses) return { loss, ...sums };
  const isRight = prediction.argmax(-1).equal(target).cast("float32");
  // A sequence counts as one sample, by the share of its places that are right.
  const places = target.size / target.shape[0]!;
  return { loss, correct: isRight.sum().div(places), ...sums };
}

/** Means over samples. */
export interface Measures {
  /** Mean loss. */
  readonly loss: number;
  /** Share of samples that were put into the right class; `undefined` where there are none. */
  readonly accuracy: number | undefined;
  /** What metrics have measured, by name; left out where there are none. */
  readonly metrics?: Readonly<Record<string, MetricValue>>;
}

/**
 * Picks the metrics that are one number, which is what a line or a column has room for.
 *
 * @param measures What was measured.
 * @returns The numbers by the metrics' names.
 */
export function scalarMetrics(
  { metrics = {} }: Partial<Measures>,
): Map<string, number> {
  return new Map(
    Object.entries(metrics).flatMap(([name, value]) =>
      typeof value === "number" ? [[name, value] as const] : []
    ),
  );
}

/** What batches have added to a metric. */
export interface MetricSums {
  /** Shape of the sums. */
  readonly shape: readonly number[];
  /** The sums, in order. */
  readonly values: readonly number[];
}

/** Sums over samples, from which means follow. */
export interface MeasureSums {
  /** Sum of the losses. */
  readonly loss: number;
  /** How many samples were put into the right class; `undefined` where there are no classes. */
  readonly correct: number | undefined;
  /** How many samples there were. */
  readonly samples: number;
  /** Sums of metrics by name; left out where there are none. */
  readonly metrics?: Readonly<Record<string, MetricSums>>;
}

const NOTHING: MeasureSums = { loss: 0, correct: undefined, samples: 0 };

/**
 * Means over batches whose numbers are read later, several at a time, so that no step waits for the
 * one before it to be read.
 */
export class RunningMeasures {
  #pending: { readonly metrics: BatchMetrics; readonly samples: number }[] = [];
  readonly #metrics: Metrics;
  #sums: MeasureSums;

  /**
   * Constructs a new instance.
   *
   * @param metrics What is measured besides loss and accuracy.
   * @param sums What was measured before.
   */
  constructor(metrics: Metrics, sums: MeasureSums = NOTHING) {
    this.#metrics = metrics;
    this.#sums = sums;
  }

  /** How many batches have not been read. */
  get pendingCount(): number {
    return this.#pending.length;
  }

  /** Sums over the batches that have been read. */
  get sums(): MeasureSums {
    return this.#sums;
  }

  /** Loss and accuracy over the batches that have been read. */
  get means(): Measures {
    const { loss, correct, samples } = this.#sums;
    return {
      loss: loss / samples,
      accuracy: correct === undefined ? undefined : correct / samples,
    };
  }

  /**
   * Computes what follows from the batches that have been read.
   *
   * @returns Loss, accuracy and metrics.
   */
  async results(): Promise<Measures> {
    const { metrics: sums = {} } = this.#sums;
    const measured = await Promise.all(
      Object.entries(this.#metrics).flatMap(([name, metric]) => {
        const own = sums[name];
        return own ? [resultOf(metric, own).then((it) => [name, it])] : [];
      }),
    );
    if (measured.length === 0) return this.means;
    return { ...this.means, metrics: Object.fromEntries(measured) };
  }

  /**
   * Adds a batch.
   *
   * @param metrics Its numbers, which are disposed when they have been read.
   * @param samples How many samples it has.
   */
  add(metrics: BatchMetrics, samples: number): void {
    this.#pending.push({ metrics, samples });
  }

  /**
   * Reads the batches that have not been read, all at once.
   *
   * @returns Their losses, in order.
   */
  async read(): Promise<number[]> {
    const pending = this.#pending;
    this.#pending = [];
    const numbers = await Promise.all(
      pending.map(({ metrics }) => readBatch(metrics, this.#metrics)),
    );
    for (const [i, { loss, correct, metrics }] of numbers.entries()) {
      const { samples } = pending[i]!;
      const before = this.#sums;
      this.#sums = {
        samples: before.samples + samples,
        loss: before.loss + loss * samples,
        correct: correct === undefined
          ? before.correct
          : (before.correct ?? 0) + correct,
        ...metrics && { metrics: addSums(before.metrics ?? {}, metrics) },
      };
    }
    return numbers.map(({ loss }) => loss);
  }
}

/** Numbers of one batch. */
interface BatchNumbers {
  readonly loss: number;
  readonly correct: number | undefined;
  readonly metrics?: Readonly<Record<string, MetricSums>>;
}

async function readBatch(
  batch: BatchMetrics,
  metrics: Metrics,
): Promise<BatchNumbers> {
  const names = Object.keys(metrics);
  const [loss, correct, ...sums] = await Promise.all([
    batch.loss.item(),
    batch.correct?.item(),
    ...names.map((name) => readSums(batch[`sums of ${name}`]!)),
  ]);
  for (const tensor of Object.values(batch)) tensor.dispose();
  return {
    loss,
    correct,
    ...names.length > 0 && {
      metrics: Object.fromEntries(names.map((name, i) => [name, sums[i]!])),
    },
  };
}

async function readSums(sums: Tensor): Promise<MetricSums> {
  return { shape: sums.shape, values: Array.from(await sums.data(), Number) };
}

/** Adds in float64, so that many batches lose nothing of the first ones. */
function addSums(
  before: Readonly<Record<string, MetricSums>>,
  batch: Readonly<Record<string, MetricSums>>,
): Readonly<Record<string, MetricSums>> {
  return Object.fromEntries(
    Object.entries(batch).map(([name, { shape, values }]) => {
      const old = before[name];
      if (old && String(old.shape) !== String(shape)) {
        throw shapeMismatch(`metric "${name}"`, old.shape, shape, {
          rule: "all batches must add sums of one shape",
        });
      }
      const sum = values.map((value, i) => value + (old?.values[i] ?? 0));
      return [name, { shape, values: sum }];
    }),
  );
}

async function resultOf(
  metric: Metric,
  { shape, values }: MetricSums,
): Promise<MetricValue> {
  using sums = tensor(Float32Array.from(values), { shape });
  using result = metric.result(sums);
  return await result.array() as MetricValue;
}
