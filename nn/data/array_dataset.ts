import {
  assertInstance,
  assertShape,
  type Shape,
  sizeOf,
} from "../../core/base/mod.ts";
import { optionsOf, tensor } from "../../ops/mod.ts";
import { assertIndex } from "../check/assert_number.ts";
import type { Batch } from "./batch.ts";
import { dataInvalid } from "./data_errors.ts";
import type { IndexedSamples } from "./indexed_samples.ts";
import type { Sample } from "./sample.ts";

/** Samples that can be asked for in any order. */
export interface Dataset {
  /** How many there are. */
  readonly size: number;
  /**
   * Takes some samples together.
   *
   * @param indices Their numbers, from 0.
   * @returns The samples, which belong to whoever asked for them.
   */
  batch(indices: Int32Array): Batch;
}

/** Options of {@linkcode ArrayDataset}. */
export interface ArrayDatasetOptions {
  /** Elements of all samples' inputs, one sample after another. They are not copied. */
  readonly inputs: Float32Array | Int32Array;
  /** Sizes per axis of one sample's input, `[28, 28]`. */
  readonly inputShape: Shape;
  /** Elements of all samples' targets: numbers of classes, or what is to be predicted. */
  readonly targets: Float32Array | Int32Array;
  /**
   * Sizes per axis of one sample's target.
   *
   * @default {[]}
   */
  readonly targetShape?: Shape;
}

/**
 * Samples in memory.
 *
 * @example Two samples of three features, with classes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ArrayDataset } from "@spiraltorch/spiraltorch/nn";
 *
 * const dataset = new ArrayDataset({
 *   inputs: Float32Array.of(1, 2, 3, 4, 5, 6),
 *   inputShape: [3],
 *   targets: Int32Array.of(0, 1),
 * });
 * using batch = dataset.batch(Int32Array.of(1));
 * assertEquals(await batch.inputs.array(), [[4, 5, 6]]);
 * ```
 */
export class ArrayDataset implements Dataset, IndexedSamples {
  /** How many samples there are. */
  readonly size: number;
  readonly #inputs: Samples;
  readonly #targets: Samples;

  /**
   * Constructs a new instance.
   *
   * @param options The arrays, and the shapes of one sample.
   * @throws {NnError} `DATA_INVALID` if an array does not hold whole samples, or one holds more
   * samples than the other.
   */
  constructor(options: ArrayDatasetOptions) {
    const { inputs, inputShape, targets, targetShape = [] } = optionsOf(
      "ArrayDataset",
      options,
    );
    const classes = [Float32Array, Int32Array];
    assertInstance("ArrayDataset inputs", inputs, ...classes);
    assertInstance("ArrayDataset targets", targets, ...classes);
    this.#inputs = samplesOf(inputs, { name: "inputs", shape: inputShape });
    this.#targets = samplesOf(targets, { name: "targets", shape: targetShape });
    this.size = this.#inputs.count;
    if (this.#targets.count !== this.size) {
      throw dataInvalid(
        `found inputs of ${this.size} samples and targets of ${this.#targets.count}, wanted as many`,
        { inputs: this.size, targets: this.#targets.count },
      );
    }
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
    this.#assertThere(indices);
    const inputs = tensor(collect(this.#inputs, indices), {
      shape: [indices.length, ...this.#inputs.shape],
    });
    const targets = tensor(collect(this.#targets, indices), {
      shape: [indices.length, ...this.#targets.shape],
    });
    return {
      inputs,
      targets,
      [Symbol.dispose]() {
        inputs.dispose();
        targets.dispose();
      },
    };
  }

  /**
   * Copies one sample, for `indexedStream` and what is done to samples one by one.
   *
   * @param index Its number, from 0.
   * @returns The sample.
   * @throws {NnError} `DATA_INVALID` if there is no such sample.
   * @throws {OptionError} `INVALID_OPTION` if the number is no whole number from 0.
   */
  sample(index: number): Sample {
    assertIndex("sample of ArrayDataset", index);
    this.#assertThere([index]);
    const at = Int32Array.of(index);
    return {
      input: { shape: this.#inputs.shape, data: collect(this.#inputs, at) },
      target: { shape: this.#targets.shape, data: collect(this.#targets, at) },
    };
  }

  #assertThere(indices: readonly number[] | Int32Array): void {
    for (const index of indices) {
      if (index >= 0 && index < this.size) continue;
      throw dataInvalid(
        `found the sample number ${index}, wanted one from 0 below ${this.size}`,
        { index, size: this.size },
      );
    }
  }
}

interface Samples {
  readonly elements: Float32Array | Int32Array;
  readonly shape: Shape;
  readonly size: number;
  readonly count: number;
}

function samplesOf(
  elements: Float32Array | Int32Array,
  { name, shape }: { readonly name: string; readonly shape: Shape },
): Samples {
  assertShape("ArrayDataset", shape);
  const size = sizeOf(shape);
  const count = elements.length / size;
  if (!Number.isSafeInteger(count)) {
    throw dataInvalid(
      `found ${elements.length} elements of ${name}, wanted whole samples of shape [${shape}]`,
      { array: name, elements: elements.length, shape },
    );
  }
  return { elements, shape: [...shape], size, count };
}

function collect(
  { elements, size }: Samples,
  indices: Int32Array,
): Float32Array | Int32Array {
  const into = elements instanceof Float32Array
    ? new Float32Array(indices.length * size)
    : new Int32Array(indices.length * size);
  indices.forEach((index, i) => {
    into.set(elements.subarray(index * size, (index + 1) * size), i * size);
  });
  return into;
}
