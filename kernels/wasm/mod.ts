/**
 * The WebAssembly backend: kernels become SIMD code over one memory.
 *
 * @module
 */

export { ERROR_CODES, ThreadError, threadFailed } from "./errors.ts";
export { hasRelaxedSimd, hasSimd } from "./features.ts";
export { createWasmBackend, type WasmOptions } from "./wasm_backend.ts";
