import { isPlainObject, printable } from "../../../core/base/mod.ts";
import {
  type CsvRow,
  parseIdx,
  readCsv,
  readJsonl,
} from "../../../nn/data/readers/mod.ts";
import type { SampleArray } from "../../../nn/mod.ts";
import { cliConfigIncomplete, cliDataInvalid } from "../errors.ts";
import { readBytes, readChunks } from "../files.ts";
import {
  DATA_FORMATS,
  type DataFormat,
  type DataSettings,
} from "./run_settings.ts";

/** Samples as they were read: inputs `[samples, ...]`, and targets if they were asked for. */
export interface ReadSamples {
  /** What the model is given. */
  readonly inputs: SampleArray;
  /** What it should give. */
  readonly targets: SampleArray | undefined;
}

/** Which samples are read. */
export interface ReadSamplesOptions {
  /** What the config says of the data; `file` and `labels` are paths. */
  readonly data: DataSettings;
  /** Whether targets are wanted. */
  readonly hasTargets: boolean;
  /** Whether targets are numbers of classes. */
  readonly isClass: boolean;
}

/**
 * Reads samples from a file.
 *
 * @param options Which.
 * @returns The samples.
 * @throws {NnError} `DATA_UNREADABLE` with file, line and column.
 * @throws {CliError} `CLI_CONFIG_INCOMPLETE` if it is not said which columns are meant; `CLI_DATA_INVALID`
 * if what is there is no number, or samples are not alike.
 */
export async function readSamples(
  options: ReadSamplesOptions,
): Promise<ReadSamples> {
  const { data } = options;
  const format = data.format ?? formatOf(data.file);
  if (format === "idx") return await readIdxSamples(options);
  const rows = format === "csv" ? csvRows(options) : jsonlRows(options);
  const inputs = new Column(data.file, data.indices);
  const targets = new Column(data.file, options.isClass);
  for await (const row of rows) {
    inputs.add(row.inputs.map((x) => x / data.scale), row.line);
    targets.add(row.targets, row.line);
  }
  return {
    inputs: inputs.toArray(),
    targets: options.hasTargets
      ? targets.toArray({ isScalar: options.isClass })
      : undefined,
  };
}

/** One sample, as flat numbers. */
interface Row {
  readonly line: number;
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
}

async function* csvRows(options: ReadSamplesOptions): AsyncGenerator<Row> {
  const { data } = options;
  const { inputs, targets } = columnsOf(options);
  const source = { name: data.file, chunks: readChunks(data.file) };
  for await (const row of readCsv(source, { delimiter: data.delimiter })) {
    yield {
      line: row.line,
      inputs: inputs.map((column) => row.number(column)),
      targets: targets.map((column) => classOrNumber(row, column, data)),
    };
  }
}

function classOrNumber(
  row: CsvRow,
  column: string,
  { classes, file }: DataSettings,
): number {
  if (!classes) return row.number(column);
  return classNumber(row.text(column).trim(), {
    classes,
    file,
    line: row.line,
  });
}

async function* jsonlRows(options: ReadSamplesOptions): AsyncGenerator<Row> {
  const { data } = options;
  const { inputs, targets } = columnsOf(options);
  const source = { name: data.file, chunks: readChunks(data.file) };
  for await (const { line, value } of readJsonl(source)) {
    const place = { file: data.file, line };
    if (!isPlainObject(value)) {
      throw cliDataInvalid({
        ...place,
        found: "no object",
        wanted: "one a line",
      });
    }
    const fields: Readonly<Record<string, unknown>> = value;
    yield {
      line,
      inputs: inputs.flatMap((name) =>
        numbersOf(fields[name], { ...place, name })
      ),
      targets: targets.flatMap((name) => {
        const { classes } = data;
        const found = fields[name];
        if (!classes || typeof found !== "string") {
          return numbersOf(found, { ...place, name });
        }
        return [classNumber(found, { classes, ...place })];
      }),
    };
  }
}

async function readIdxSamples(
  { data, hasTargets, isClass }: ReadSamplesOptions,
): Promise<ReadSamples> {
  const { file, labels, scale, indices } = data;
  const inputs = parseIdx(await readBytes(file), { name: file });
  const scaled = indices
    ? inputs.data
    : Float32Array.from(inputs.data, (x) => x / scale);
  const read = { shape: inputs.shape, data: scaled };
  if (!hasTargets) return { inputs: read, targets: undefined };
  if (labels === undefined) throw cliConfigIncomplete(file, "data.labels");
  const { shape, data: numbers } = parseIdx(await readBytes(labels), {
    name: labels,
  });
  const targets = isClass ? numbers : Float32Array.from(numbers);
  return { inputs: read, targets: { shape, data: targets } };
}

/** Numbers of samples that are all of one size. */
class Column {
  readonly #file: string;
  readonly #isWhole: boolean;
  readonly #numbers: number[] = [];
  #size: number | undefined;
  #count = 0;

  constructor(file: string, isWhole: boolean) {
    this.#file = file;
    this.#isWhole = isWhole;
  }

  add(numbers: readonly number[], line: number): void {
    this.#size ??= numbers.length;
    const place = { file: this.#file, line };
    if (numbers.length !== this.#size) {
      throw cliDataInvalid({
        ...place,
        found: `${numbers.length} numbers`,
        wanted: `${this.#size}, as in the lines before`,
      });
    }
    const broken = this.#isWhole
      ? numbers.find((x) => !Number.isInteger(x))
      : undefined;
    if (broken !== undefined) {
      const wanted = "a whole number";
      throw cliDataInvalid({ ...place, found: String(broken), wanted });
    }
    for (const number of numbers) this.#numbers.push(number);
    this.#count++;
  }

  /** The samples; one number of each stands alone where it is a class. */
  toArray({ isScalar = false } = {}): SampleArray {
    const size = this.#size ?? 0;
    return {
      shape: isScalar && size === 1 ? [this.#count] : [this.#count, size],
      data: this.#isWhole
        ? Int32Array.from(this.#numbers)
        : Float32Array.from(this.#numbers),
    };
  }
}

function formatOf(file: string): DataFormat {
  const ending = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase();
  const found = DATA_FORMATS.find((format) => format === ending);
  if (found) return found;
  throw cliConfigIncomplete(file, "data.format");
}

function columnsOf(
  { data, hasTargets }: ReadSamplesOptions,
): { readonly inputs: readonly string[]; readonly targets: readonly string[] } {
  const { file, inputs, targets = [] } = data;
  if (!inputs) throw cliConfigIncomplete(file, "data.inputs");
  if (!hasTargets) return { inputs, targets: [] };
  if (targets.length === 0) throw cliConfigIncomplete(file, "data.targets");
  return { inputs, targets };
}

/** A number, or numbers in lists in lists, one after the other. */
function numbersOf(
  value: unknown,
  place: {
    readonly file: string;
    readonly line: number;
    readonly name: string;
  },
): number[] {
  const all: unknown[] = Array.isArray(value) ? value.flat(Infinity) : [value];
  return all.map((each) => {
    if (typeof each === "number") return each;
    const { name, ...at } = place;
    const found = `${
      each === undefined ? "nothing" : JSON.stringify(each)
    } as "${name}"`;
    throw cliDataInvalid({ ...at, found, wanted: "numbers" });
  });
}

function classNumber(
  text: string,
  { classes, ...place }: {
    readonly classes: readonly string[];
    readonly file: string;
    readonly line: number;
  },
): number {
  const number = classes.indexOf(text);
  if (number >= 0) return number;
  const found = JSON.stringify(printable(text, 100));
  const wanted = `one of ${classes.join(", ")}`;
  throw cliDataInvalid({ ...place, found, wanted });
}
