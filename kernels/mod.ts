/**
 * The front door of the backends: what they must do, which there are, and which one computes when
 * nobody says otherwise.
 *
 * @module
 */

export type {
  Backend,
  BufferSpec,
  DeviceBuffer,
  Executable,
  HostElements,
  Program,
  Step,
} from "./backend.ts";
export {
  type BackendDefinition,
  type BackendInfo,
  BackendRegistry,
  type BackendRegistryOptions,
  type RegisterBackendOptions,
} from "./backend_registry.ts";
export { BackendError } from "./ir/mod.ts";
export { type BackendName, createBackend } from "./create_backend.ts";
export {
  type BackendObserver,
  defaultBackend,
  type ImmediateBackendName,
  nextBackend,
  observeDefaultBackend,
  resetDefaultBackend,
  setDefaultBackend,
} from "./default/mod.ts";
export {
  createWasmBackend,
  hasRelaxedSimd,
  hasSimd,
  type WasmOptions,
} from "./wasm/mod.ts";
export { whyUnavailable } from "./unavailable_backends.ts";
