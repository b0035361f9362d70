import type { StepBudget } from "./code_steps.ts";
import type { DirectModule, Refuse } from "./direct_module.ts";
import { VALUE } from "./instructions.ts";

/** The memory that all arrays are in. */
export interface HostMemory {
  /** Its size, in pages. */
  readonly pages: number;
  /** Whether threads share it. */
  readonly isShared: boolean;
  /** How wide its addresses are. */
  readonly addressBytes: 4 | 8;
}

/** Where an array is, as far as code is made for it. */
export interface LinkedArray {
  /** How large it is. */
  readonly bytes: number;
  /** Slot of the table of parameters with an address. */
  readonly slot: number;
  /** Bytes from there to the array. */
  readonly skip: number;
}

/** What a module is linked with. */
export interface LinkOptions {
  /** The memory. */
  readonly memory: HostMemory;
  /** Logarithm of what addresses of tables are divided by where they have 64 bits. */
  readonly tableUnitBits: number;
  /** The arrays by name. */
  readonly arrays: ReadonlyMap<string, LinkedArray>;
  /** Bytes of an element of the output. */
  readonly itemBytes: number;
  /** How many instructions a call may take. */
  readonly budget: StepBudget;
  /** Builds the error for a module that imports an array that there is not. */
  readonly refuse: Refuse;
}

/** A module, what it is linked with, and how what is made numbers things. */
export interface Linkage {
  /** The module. */
  readonly module: DirectModule;
  /** What it is linked with. */
  readonly options: LinkOptions;
  /** Numbers of globals. */
  readonly globals: GlobalNumbers;
  /** Number of the function that makes more of the output ready. */
  readonly reach: number;
}

/** Numbers of the globals that what is made has besides those of the module. */
export interface GlobalNumbers {
  /** The instructions that are left. */
  readonly steps: number;
  /** Where in the output the part starts that is computed, where it ends, and up to where it is ready. */
  readonly start: number;
  readonly end: number;
  readonly ready: number;
  /** What was read of pages that were touched. */
  readonly seen: number;
  /** Where the first array lies; the others come behind. */
  readonly bases: number;
}

/** Numbers of the memories of what is made. */
export const HOST = 0;
export const OWN = 1;

/** The type of a block that takes and gives nothing. */
export const EMPTY_BLOCK = 0x40;

/**
 * Tells the type of addresses.
 *
 * @param memory The memory.
 * @returns The type.
 */
export function addressTypeOf({ addressBytes }: HostMemory): number {
  return addressBytes === 8 ? VALUE.i64 : VALUE.i32;
}
