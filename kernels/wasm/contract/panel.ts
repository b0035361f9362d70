import type { DType } from "../../../core/base/mod.ts";
import type { Local } from "../assembler/function_types.ts";
import type { ValueType } from "../assembler/opcodes.ts";

/** Which neighbours of a matrix lie next to each other in memory. */
export type Grain = "depth" | "lines" | "neither";

/** Variables of a packing function. Steps are in bytes; places move from panel to panel. */
export interface Packing {
  /** How the matrix is stored. */
  readonly dtype: DType;
  /** Where the panel's first line starts. */
  readonly source: Local;
  /** Where the panel goes. */
  readonly target: Local;
  /** Steps in depth. */
  readonly depth: Local;
  /** From line to line. */
  readonly lineStep: Local;
  /** From one step in depth to the next. */
  readonly depthStep: Local;
}

/** Parameters of a packing function. */
export const PACK_PARAMETERS: readonly ValueType[] = [
  "address",
  "address",
  "i32",
  "i32",
  "i32",
  "i32",
];

/** Parameters of a function that packs a part of a panel: those of the others, and its width. */
export const PART_SIGNATURE: {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
} = { parameters: [...PACK_PARAMETERS, "i32"], results: [] };
