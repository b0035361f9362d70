import { equalShapes, listOf, sizeOf } from "../../core/base/mod.ts";
import { optionsOf, type Tensor, tensor } from "../../ops/mod.ts";
import type { Batch } from "./batch.ts";
import { dataInvalid } from "./data_errors.ts";
import { isSampleArray, type Sample, type SampleArray } from "./sample.ts";

/** What fills samples up to the size of the largest in their batch. */
export interface PadOptions {
  /**
   * What inputs are filled up with.
   *
   * @default {0}
   */
  readonly input?: number;
  /**
   * What targets are filled up with.
   *
   * @default {0}
   */
  readonly target?: number;
}

/** Options of {@linkcode collateSamples}. */
export interface CollateOptions {
  /** What smaller samples are filled up with; sizes must be equal if left out. */
  readonly pad?: PadOptions;
}

/**
 * Puts samples together.
 *
 * **Shapes**: samples `[...]` become `[batch, ...]`; with `pad`, each axis is as long as the longest of
 * the batch, and elements are added at the ends.
 *
 * @example Sentences of two lengths
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { collateSamples } from "@spiraltorch/spiraltorch/nn";
 *
 * const target = { shape: [], data: Int32Array.of(1) };
 * const samples = [[7, 8], [9]].map((words) => ({
 *   input: { shape: [words.length], data: Int32Array.from(words) },
 *   target,
 * }));
 * using batch = collateSamples(samples, { pad: { input: -1 } });
 * assertEquals(await batch.inputs.array(), [[7, 8], [9, -1]]);
 * ```
 *
 * @param samples The samples, at least one.
 * @param options What smaller ones are filled up with.
 * @returns The batch, for the caller to dispose.
 * @throws {NnError} `DATA_INVALID` if samples differ in rank or kind of number, or in size without
 * `pad`, or have another number of elements than their shape.
 */
export function collateSamples(
  samples: readonly Sample[],
  options?: CollateOptions,
): Batch {
  const { pad } = optionsOf("collateSamples", options);
  optionsOf("collateSamples pad", pad);
  const all = listOf("samples of collateSamples", samples);
  if (all.length === 0) {
    throw dataInvalid("found a batch of 0 samples, wanted at least 1", {});
  }
  const inputs = join(all.map((sample) => Object(sample).input), {
    name: "inputs",
    pad: pad && (pad.input ?? 0),
  });
  const targets = join(all.map((sample) => Object(sample).target), {
    name: "targets",
    pad: pad && (pad.target ?? 0),
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

function join(
  arrays: readonly SampleArray[],
  { name, pad }: { readonly name: string; readonly pad: number | undefined },
): Tensor {
  const wrong = arrays.findIndex((array) => !isSampleArray(array));
  if (wrong >= 0) {
    throw dataInvalid(
      `found something else in sample ${wrong} of ${name}, wanted shape and data`,
      { name, sample: wrong },
    );
  }
  const [first] = arrays;
  const isWhole = first!.data instanceof Int32Array;
  const shape = pad === undefined
    ? first!.shape
    : first!.shape.map((_, axis) =>
      Math.max(...arrays.map((array) => array.shape[axis] ?? 0))
    );
  const size = sizeOf(shape);
  const count = arrays.length * size;
  const elements = isWhole ? new Int32Array(count) : new Float32Array(count);
  if (pad) elements.fill(pad);
  for (const [i, array] of arrays.entries()) {
    const isAlike = array.shape.length === shape.length &&
      array.data instanceof Int32Array === isWhole &&
      array.data.length === sizeOf(array.shape);
    const isFull = equalShapes(array.shape, shape);
    if (!isAlike || pad === undefined && !isFull) {
      throw dataInvalid(
        `found ${describe(array)} as sample ${i} of ${name}, wanted it like ${
          describe(first!)
        }`,
        { name, sample: i, found: describe(array), wanted: describe(first!) },
      );
    }
    if (isFull) elements.set(array.data, i * size);
    else copyBlock(array, { into: elements, shape, at: i * size });
  }
  return tensor(elements, { shape: [arrays.length, ...shape] });
}

/** Copies an array to the first corner of a larger one. */
function copyBlock(
  { data, shape: from }: SampleArray,
  { into, shape, at }: {
    readonly into: Float32Array | Int32Array;
    readonly shape: readonly number[];
    readonly at: number;
  },
): void {
  const row = from.at(-1)!;
  const place = new Array<number>(from.length - 1).fill(0);
  for (let start = 0; start < data.length; start += row) {
    const offset = place.reduce(
      (sum, i, axis) => (sum + i) * shape[axis + 1]!,
      0,
    );
    into.set(data.subarray(start, start + row), at + offset);
    for (let axis = place.length - 1; axis >= 0; axis--) {
      if (++place[axis]! < from[axis]!) break;
      place[axis] = 0;
    }
  }
}

function describe({ shape, data }: SampleArray): string {
  const kind = data instanceof Int32Array ? "int32" : "float32";
  return `${kind}[${shape}] of ${data.length} elements`;
}
