import {
  ArrayDataset,
  type Batch,
  DataLoader,
  type Dataset,
  type IndexedSamples,
  indexedStream,
  inTurn,
  type Sample,
  type SampleArray,
  StreamLoader,
} from "../../../nn/mod.ts";
import { randomUniform } from "../../../ops/mod.ts";
import { besideFile } from "../files.ts";
import { requirePart, type Run } from "./load_run.ts";
import { readSamples } from "./read_samples.ts";
import type { DataSettings } from "./run_settings.ts";

/** Losses whose targets are numbers of classes. */
const CLASS_LOSSES: readonly string[] = ["cross_entropy", "focal"];

/** Data to train and to measure on. */
export interface RunData {
  /** What is trained on. */
  readonly train: DataLoader | StreamLoader;
  /** What is measured on, if anything is. */
  readonly validation: DataLoader | undefined;
}

/** Options of {@linkcode loadData}. */
export interface LoadDataOptions {
  /** Another file than the config names. */
  readonly file?: string | undefined;
  /** Whether samples that are trained on are changed. */
  readonly augment?: boolean;
}

/**
 * Reads the data of a config. What is trained on is changed by the config's augmentations, if `augment`
 * says so.
 *
 * @param run The config.
 * @param options Another file than the config names, as the command line names it, of which nothing is
 * kept back; whether samples are changed.
 * @returns The data, in batches.
 * @throws {CliError} `CLI_CONFIG_INCOMPLETE`, `CLI_FILE_UNREADABLE`, `CLI_DATA_INVALID`.
 * @throws {NnError} `DATA_UNREADABLE`.
 */
export async function loadData(
  run: Run,
  { file, augment = false }: LoadDataOptions,
): Promise<RunData> {
  const data = dataOf(run, file);
  const { batchSize, shuffle, seed } = run.training;
  const all = await readDataset(run, data);
  const separate = data.validation === undefined || file !== undefined
    ? undefined
    : await readDataset(run, { ...data, file: data.validation });
  const share = separate || file !== undefined ? 0 : data.heldOut;
  const kept = Math.round(all.size * share);
  const order = kept > 0 ? await randomOrder(all.size, seed) : undefined;
  const train = order ? new Part(all, order.subarray(kept)) : all;
  const heldOut = order ? new Part(all, order.subarray(0, kept)) : separate;
  const { augmentations } = run.recipe;
  return {
    train: !augment || augmentations.length === 0
      ? new DataLoader(train, { batchSize, shuffle, seed })
      : new StreamLoader(indexedStream(train, { shuffle, seed }), {
        batchSize,
        seed,
        augment: inTurn(augmentations),
        sampleCount: train.size,
      }),
    validation: heldOut && new DataLoader(heldOut, { batchSize }),
  };
}

/**
 * Reads inputs alone, to apply a model to.
 *
 * @param run The config.
 * @param file Another file than the config names, as the command line names it.
 * @returns The inputs, `[samples, ...]`.
 * @throws {CliError} `CLI_CONFIG_INCOMPLETE`, `CLI_FILE_UNREADABLE`, `CLI_DATA_INVALID`.
 * @throws {NnError} `DATA_UNREADABLE`.
 */
export async function loadInputs(
  run: Run,
  file?: string,
): Promise<SampleArray> {
  const data = dataOf(run, file);
  const { inputs } = await readSamples({
    data,
    hasTargets: false,
    isClass: false,
  });
  return inputs;
}

/**
 * Tells whether targets are numbers of classes.
 *
 * @param run The config.
 * @returns Whether they are.
 */
export function isClassifier({ description, data }: Run): boolean {
  return data?.classes !== undefined ||
    CLASS_LOSSES.includes(description.loss?.type ?? "");
}

/** What the config says, with files as paths. */
function dataOf(run: Run, file: string | undefined): DataSettings {
  const data = requirePart(run, "data", run.data);
  const { labels, validation } = data;
  const { path } = run;
  return {
    ...data,
    file: file ?? besideFile(path, data.file),
    ...labels === undefined ? {} : { labels: besideFile(path, labels) },
    ...validation === undefined
      ? {}
      : { validation: besideFile(path, validation) },
  };
}

async function readDataset(
  run: Run,
  data: DataSettings,
): Promise<ArrayDataset> {
  const isClass = isClassifier(run);
  const read = await readSamples({ data, hasTargets: true, isClass });
  const { inputs } = read;
  const targets = read.targets!;
  return new ArrayDataset({
    inputs: inputs.data,
    inputShape: inputs.shape.slice(1),
    targets: targets.data,
    targetShape: targets.shape.slice(1),
  });
}

/** Sorted by random numbers, so that the order is the same on every machine. */
async function randomOrder(count: number, seed: number): Promise<Int32Array> {
  using drawn = randomUniform([count], { key: seed });
  const keys = await drawn.data();
  return Int32Array.from(
    Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b),
  );
}

/** Some of the samples of a dataset. */
class Part implements Dataset, IndexedSamples {
  readonly size: number;
  readonly #whole: ArrayDataset;
  readonly #indices: Int32Array;

  constructor(whole: ArrayDataset, indices: Int32Array) {
    this.size = indices.length;
    this.#whole = whole;
    this.#indices = indices;
  }

  batch(indices: Int32Array): Batch {
    return this.#whole.batch(indices.map((index) => this.#indices[index]!));
  }

  sample(index: number): Sample {
    return this.#whole.sample(this.#indices[index]!);
  }
}
