import type { Merge } from "../layers/parallel.ts";
import type { SymbolicShape } from "../symbolic_shape.ts";

/** The version of pipeline descriptions that is read and written. */
export const PIPELINE_VERSION = 1;

/** A module type with its settings. */
export interface TypedConfig {
  /** Name of the type. */
  readonly type: string;
  /** Its settings, with defaults filled in. */
  readonly config: object;
}

/** What each item of a pipeline may have. */
export interface NamedItem {
  /** What its parameters are named after; `<place>.<kind>` if left out. */
  readonly id?: string;
}

/** A module of a registered type. */
export interface ModuleItem extends TypedConfig, NamedItem {}

/** Modules one after another, or one alone. */
export type Block = readonly PipelineItem[] | PipelineItem;

/** Blocks side by side, whose results become one. */
export interface BranchItem extends NamedItem {
  /** The blocks, and how their results become one. */
  readonly branch: {
    /** How the results become one. */
    readonly merge: Merge;
    /** The axis, for `concat` and `stack`. */
    readonly axis?: number;
    /** The blocks, by name or by place. */
    readonly paths: Readonly<Record<string, Block>> | readonly Block[];
  };
}

/** A block whose result is added to what it is applied to. */
export interface ResidualItem extends NamedItem {
  /** The block. */
  readonly residual: Block;
}

/** Modules one after another, as one. */
export interface SequentialItem extends NamedItem {
  /** The modules. */
  readonly sequential: readonly PipelineItem[];
}

/** One module of a pipeline, or several as one. */
export type PipelineItem =
  | BranchItem
  | ModuleItem
  | ResidualItem
  | SequentialItem;

/** Parameters that take their steps by numbers of their own. */
export interface GroupItem {
  /** Their names, in which `*` stands for any text; all names if left out. */
  readonly parameters?: readonly string[];
  /** How many axes they have at most: 1 for biases and the scales of norms. */
  readonly maxRank?: number;
  /** Settings of the optimizer that are others for them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A model as plain data: checked, in one spelling, with defaults filled in. */
export interface PipelineDescription {
  /** Version of the description's meaning. */
  readonly version: typeof PIPELINE_VERSION;
  /** What the model is called. */
  readonly name?: string;
  /** Shape of what the model is applied to; sizes may be names. */
  readonly input?: SymbolicShape;
  /** The modules in order. */
  readonly modules: readonly PipelineItem[];
  /** Names for what modules give: the module's name, by that of the output. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** What is to become small in training. */
  readonly loss?: TypedConfig;
  /** How training changes the model. */
  readonly optimizer?: TypedConfig;
  /** Parameters that take their steps by other numbers than the optimizer's; the first that fits counts. */
  readonly groups?: readonly GroupItem[];
  /** What is put around the optimizer: the first around it, each further one around those before. */
  readonly wrappers?: readonly TypedConfig[];
  /** How the learning rate changes in the course of training. */
  readonly schedule?: TypedConfig;
  /** What else takes part in training. */
  readonly callbacks?: readonly TypedConfig[];
  /** What is measured besides the loss; reported under the id, or the type if there is none. */
  readonly metrics?: readonly ModuleItem[];
  /** What is done to each sample in training, in turn. */
  readonly augmentations?: readonly TypedConfig[];
}

/** An item as far as its name depends on it. */
export type Nameable =
  & NamedItem
  & (
    | { readonly type: string }
    | { readonly branch: unknown }
    | { readonly residual: unknown }
    | { readonly sequential: unknown }
  );

/**
 * Tells what the parameters of an item are named after.
 *
 * @param item The item.
 * @param place Its place in the pipeline, from 0.
 * @returns Its id, or `<place>.<kind>`.
 */
export function itemName(item: Nameable, place: number): string {
  return item.id ?? `${place}.${itemKind(item)}`;
}

/** The type of a module, or what several are together. */
function itemKind(item: Nameable): string {
  if ("type" in item) return item.type;
  if ("branch" in item) return "branch";
  return "residual" in item ? "residual" : "sequential";
}

/**
 * Tells what a metric is reported under.
 *
 * @param metric The metric.
 * @returns Its id, or its type.
 */
export function metricName({ id, type }: ModuleItem): string {
  return id ?? type;
}
