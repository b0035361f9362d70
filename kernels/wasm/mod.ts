/**
 * The WebAssembly backend: kernels become SIMD code over one memory.
 *
 * @module
 */

export { createWasmBackend, type WasmOptions } from "./wasm_backend.ts";
