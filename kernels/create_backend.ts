import type { Backend } from "./backend.ts";
import {
  createImmediateBackend,
  type ImmediateBackendName,
  isImmediate,
} from "./default/immediate_backend.ts";
import { backendUnknown } from "./ir/mod.ts";
import { rememberingWhy } from "./unavailable_backends.ts";

/** Names under which a backend can be asked for. */
export type BackendName = ImmediateBackendName | "webgpu";

/**
 * Makes a backend by name.
 *
 * @example The reference, in plain TypeScript
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createBackend } from "@spiraltorch/spiraltorch/kernels";
 *
 * await using backend = createBackend("reference");
 * assertEquals(backend.name, "reference");
 * ```
 *
 * @param name Its name.
 * @returns The backend, for the caller to dispose; a promise of it where a device has to be asked for.
 * @throws {BackendError} `BACKEND_UNKNOWN` if no backend has that name.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` if this machine cannot run it.
 */
export function createBackend(name: ImmediateBackendName): Backend;
/**
 * Makes a backend by name.
 *
 * @param name Its name.
 * @returns The backend, for the caller to dispose; a promise of it where a device has to be asked for.
 * @throws {BackendError} `BACKEND_UNKNOWN` if no backend has that name.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` if this machine cannot run it.
 */
export function createBackend(name: BackendName): Backend | Promise<Backend>;
export function createBackend(name: BackendName): Backend | Promise<Backend> {
  if (isImmediate(name)) return createImmediateBackend(name);
  if (name === "webgpu") return rememberingWhy(name, createWebGpuBackend);
  const found: unknown = name;
  throw backendUnknown(
    typeof found === "string" ? found : typeof found,
    ["auto", "reference", "wasm", "webgpu"],
  );
}

/** Loaded when it is asked for: it waits for its device anyway. */
async function createWebGpuBackend(): Promise<Backend> {
  const webgpu = await import("./webgpu/mod.ts");
  return await webgpu.createWebGpuBackend();
}
