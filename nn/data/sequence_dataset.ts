import { assertInstance } from "../../core/base/mod.ts";
import { optionsOf } from "../../ops/mod.ts";
import { assertCount } from "../check/assert_number.ts";
import { ArrayDataset, type Dataset } from "./array_dataset.ts";
import type { Batch } from "./batch.ts";
import { dataInvalid } from "./data_errors.ts";

/** Options of {@linkcode SequenceDataset}. */
export interface SequenceDatasetOptions {
  /** How many numbers a sample has. */
  readonly length: number;
  /** How far samples are apart; as far as they are long if left out. */
  readonly stride?: number;
}

/**
 * Pieces of one long sequence, such as a text, for models that predict what comes next: the target of
 * each place is the number that follows it.
 *
 * **Shapes**: inputs and targets `int32 [batch, length]`.
 *
 * @example What follows each number
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SequenceDataset } from "@spiraltorch/spiraltorch/nn";
 *
 * const dataset = new SequenceDataset(Int32Array.of(5, 6, 7, 8, 9), { length: 2 });
 * assertEquals(dataset.size, 2);
 * using batch = dataset.batch(Int32Array.of(1));
 * assertEquals(await batch.inputs.array(), [[7, 8]]);
 * assertEquals(await batch.targets.array(), [[8, 9]]);
 * ```
 */
export class SequenceDataset implements Dataset {
  /** How many samples there are. */
  readonly size: number;
  readonly #numbers: Int32Array;
  readonly #length: number;
  readonly #stride: number;

  /**
   * Constructs a new instance.
   *
   * @param numbers The sequence, which is not copied.
   * @param options How it is cut.
   * @throws {OptionError} `INVALID_OPTION` if length or stride is no whole number above 0.
   */
  constructor(
    numbers: Int32Array,
    options: SequenceDatasetOptions,
  ) {
    const { length, stride = length } = optionsOf("SequenceDataset", options);
    assertInstance("SequenceDataset numbers", numbers, Int32Array);
    assertCount("SequenceDataset length", length);
    assertCount("SequenceDataset stride", stride);
    this.#numbers = numbers;
    this.#length = length;
    this.#stride = stride;
    const last = numbers.length - length - 1;
    this.size = last < 0 ? 0 : Math.floor(last / stride) + 1;
  }

  /**
   * Copies some samples into tensors.
   *
   * @param indices Their numbers, from 0.
   * @returns The samples, for the caller to dispose.
   * @throws {NnError} `DATA_INVALID` if there is no such sample.
   */
  batch(indices: Int32Array): Batch {
    assertInstance("indices of a batch", indices, Int32Array);
    const length = this.#length;
    const inputs = new Int32Array(indices.length * length);
    const targets = new Int32Array(indices.length * length);
    for (const [i, index] of indices.entries()) {
      if (index < 0 || index >= this.size) {
        throw dataInvalid(
          `found the sample number ${index}, wanted one from 0 below ${this.size}`,
          { index, size: this.size },
        );
      }
      const start = index * this.#stride;
      const end = start + length;
      inputs.set(this.#numbers.subarray(start, end), i * length);
      targets.set(this.#numbers.subarray(start + 1, end + 1), i * length);
    }
    const shape = [length];
    const samples = { inputs, inputShape: shape, targets, targetShape: shape };
    return new ArrayDataset(samples).batch(
      Int32Array.from(indices, (_, i) => i),
    );
  }
}
