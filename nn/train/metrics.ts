import type { Tensor } from "../../ops/mod.ts";

/** What is measured in one batch: scalars by name, not computed yet. */
export type BatchMetrics = {
  /** Loss of the batch. */
  readonly loss: Tensor;
  /** How many samples were put into the right class; only where there are classes. */
  readonly correct?: Tensor;
};

/**
 * Describes what is measured in one batch.
 *
 * @param loss Loss of the batch.
 * @param prediction What the model gave.
 * @param target What it should have given.
 * @returns The loss, and how many classes are right if the targets are numbers of classes.
 */
export function batchMetrics(
  loss: Tensor,
  { prediction, target }: {
    readonly prediction: Tensor;
    readonly target: Tensor;
  },
): BatchMetrics {
  const hasClasses = target.dtype === "int32" &&
    prediction.rank === target.rank + 1;
  if (!hasClasses) return { loss };
  const isRight = prediction.argmax(-1).equal(target).cast("float32");
  // A sequence counts as one sample, by the share of its places that are right.
  const places = target.size / target.shape[0]!;
  return { loss, correct: isRight.sum().div(places) };
}

/** Means over samples. */
export interface Measures {
  /** Mean loss. */
  readonly loss: number;
  /** Share of samples that were put into the right class; `undefined` where there are none. */
  readonly accuracy: number | undefined;
}

/** Sums over samples, from which means follow. */
export interface MeasureSums {
  /** Sum of the losses. */
  readonly loss: number;
  /** How many samples were put into the right class; `undefined` where there are no classes. */
  readonly correct: number | undefined;
  /** How many samples there were. */
  readonly samples: number;
}

const NOTHING: MeasureSums = { loss: 0, correct: undefined, samples: 0 };

/**
 * Means over batches whose numbers are read later, several at a time, so that no step waits for the
 * one before it to be read.
 */
export class RunningMeasures {
  #pending: { readonly metrics: BatchMetrics; readonly samples: number }[] = [];
  #sums: MeasureSums;

  /**
   * Constructs a new instance.
   *
   * @param sums What was measured before.
   */
  constructor(sums: MeasureSums = NOTHING) {
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

  /** Means over the batches that have been read. */
  get means(): Measures {
    const { loss, correct, samples } = this.#sums;
    return {
      loss: loss / samples,
      accuracy: correct === undefined ? undefined : correct / samples,
    };
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
      pending.map(({ metrics }) =>
        Promise.all([metrics.loss.item(), metrics.correct?.item()])
      ),
    );
    for (const [i, [loss, correct]] of numbers.entries()) {
      const { metrics, samples } = pending[i]!;
      const before = this.#sums;
      this.#sums = {
        samples: before.samples + samples,
        loss: before.loss + loss * samples,
        correct: correct === undefined
          ? before.correct
          : (before.correct ?? 0) + correct,
      };
      metrics.loss.dispose();
      metrics.correct?.dispose();
    }
    return numbers.map(([loss]) => loss);
  }
}
