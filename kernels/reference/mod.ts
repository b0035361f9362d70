/**
 * The reference backend: plain TypeScript, the oracle of all others.
 *
 * @module
 */

export {
  createReferenceBackend,
  type ReferenceOptions,
} from "./reference_backend.ts";
export type { ReferenceArray } from "./places.ts";
export { runKernel } from "./run_kernel.ts";
