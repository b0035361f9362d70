/**
 * Code that operators bring: how it is called, whatever runs it.
 *
 * @module
 */

export type { ArrayType } from "./call_layout.ts";
export { type ModuleCall, OwnMemoryKernel } from "./own_memory_kernel.ts";
