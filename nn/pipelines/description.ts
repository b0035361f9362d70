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

/** One module of a pipeline. */
export interface PipelineItem extends TypedConfig {
  /** What its parameters are named after; `<place>.<type>` if left out. */
  readonly id?: string;
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
  /** What is to become small in training. */
  readonly loss?: TypedConfig;
  /** How training changes the model. */
  readonly optimizer?: TypedConfig;
}

/**
 * Tells what the parameters of an item are named after.
 *
 * @param item The item.
 * @param place Its place in the pipeline, from 0.
 * @returns Its id, or `<place>.<type>`.
 */
export function itemName(
  { id, type }: Pick<PipelineItem, "id" | "type">,
  place: number,
): string {
  return id ?? `${place}.${type}`;
}
