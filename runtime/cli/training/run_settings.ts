/**
 * What a config says besides the model: which data, and how it is trained. Both parts are read by the
 * command alone; a pipeline never opens a file.
 *
 * @module
 */
import type { Issue, JsonObject } from "../../../core/base/mod.ts";
import {
  compileConfig,
  type CompiledConfig,
  type Precision,
} from "../../../nn/mod.ts";

/** Forms of data that are read. */
export const DATA_FORMATS = ["csv", "jsonl", "idx"] as const;

/** A form of data. */
export type DataFormat = typeof DATA_FORMATS[number];

/** The part `data` of a config. */
export interface DataSettings {
  /** The file, relative to the config. */
  readonly file: string;
  /** Its form; told by its ending if left out. */
  readonly format?: DataFormat;
  /** Columns, or fields of a line, that the model is given. */
  readonly inputs?: readonly string[];
  /** Columns, or fields of a line, that it should give. */
  readonly targets?: readonly string[];
  /** The file of targets, for IDX. */
  readonly labels?: string;
  /** Texts that targets may be, in the order of their numbers. */
  readonly classes?: readonly string[];
  /** Whether inputs are whole numbers that stand for something, such as words. */
  readonly indices: boolean;
  /** What inputs are divided by. */
  readonly scale: number;
  /** What stands between columns. */
  readonly delimiter: string;
  /** Data to measure on, relative to the config. */
  readonly validation?: string;
  /** The share that is kept back to measure on. */
  readonly heldOut: number;
}

/** The part `training` of a config. */
export interface TrainingSettings {
  /** How often to go through the data. */
  readonly epochs: number;
  /** Samples a batch. */
  readonly batchSize: number;
  /** Whether each pass has an order of its own. */
  readonly shuffle: boolean;
  /** What weights, orders and the part kept back depend on. */
  readonly seed: number;
  /** Whether training fails at the first value that is not finite. */
  readonly nanGuard: boolean;
  /** Whether values between layers are computed again for the gradients. */
  readonly gradientCheckpointing: boolean;
  /** How values between products are stored. */
  readonly precision: Precision;
}

const TEXT = { type: "string", minLength: 1 } as const;
const TEXTS = { type: "array", items: TEXT, minItems: 1 } as const;
const SHARE = {
  type: "number",
  minimum: 0,
  exclusiveMaximum: 1,
  default: 0,
} as const;
const COUNT = { type: "integer", minimum: 1 } as const;

/** What the part `data` may say, as JSON Schema. */
export const DATA_SCHEMA: JsonObject = {
  type: "object",
  properties: {
    file: TEXT,
    format: { type: "string", enum: DATA_FORMATS },
    inputs: TEXTS,
    targets: TEXTS,
    labels: TEXT,
    classes: TEXTS,
    indices: { type: "boolean", default: false },
    scale: { type: "number", exclusiveMinimum: 0, default: 1 },
    delimiter: { ...TEXT, default: "," },
    validation: TEXT,
    heldOut: SHARE,
  },
  required: ["file"],
};

/** What the part `training` may say, as JSON Schema. */
export const TRAINING_SCHEMA: JsonObject = {
  type: "object",
  properties: {
    epochs: { ...COUNT, default: 10 },
    batchSize: { ...COUNT, default: 32 },
    shuffle: { type: "boolean", default: true },
    seed: { type: "integer", minimum: 0, default: 0 },
    nanGuard: { type: "boolean", default: false },
    gradientCheckpointing: { type: "boolean", default: false },
    precision: {
      type: "string",
      enum: ["bfloat16", "float16", "float32"],
      default: "float32",
    },
  },
};

/** Reads the parts of one config. */
export class RunSettingsReader {
  readonly #data = compiled(DATA_SCHEMA);
  readonly #training = compiled(TRAINING_SCHEMA);
  /** The part `data`, once it was read and if it is there. */
  data: DataSettings | undefined;
  /** The part `training`, once it was read. */
  training: TrainingSettings | undefined;

  /** Functions for the option `parts` of pipelines. */
  readonly parts: Readonly<
    Record<"data" | "training", (value: unknown) => readonly Issue[]>
  > = {
    data: (value) => {
      if (value === undefined) return [];
      const { config, issues } = this.#data.check(value);
      this.data = config as DataSettings | undefined;
      return issues;
    },
    training: (value = {}) => {
      const { config, issues } = this.#training.check(value);
      this.training = config as TrainingSettings | undefined;
      return issues;
    },
  };
}

/** The schemas above are known to be good. */
function compiled(schema: JsonObject): CompiledConfig {
  return compileConfig(schema) as CompiledConfig;
}
