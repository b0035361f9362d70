/**
 * What computes when nobody says otherwise: the backends that start at once, and which of them it is.
 *
 * @module
 */

export {
  type BackendObserver,
  defaultBackend,
  nextBackend,
  observeDefaultBackend,
  resetDefaultBackend,
  setDefaultBackend,
} from "./default_backend.ts";
export type { ImmediateBackendName } from "./immediate_backend.ts";
