import type { Backend } from "./backend.ts";
import { backendUnknown } from "./ir/mod.ts";
import { createReferenceBackend } from "./reference/reference_backend.ts";
import { rememberingWhy } from "./unavailable_backends.ts";
import { createWasmBackend } from "./wasm/mod.ts";

/** Names of the backends that start at once; `auto` is the fastest of them that works here. */
export type ImmediateBackendName = "auto" | "reference" | "wasm";

/** Names under which a backend can be asked for. */
export type BackendName = ImmediateBackendName | "webgpu";

const FACTORIES: Readonly<
  Record<BackendName, () => Backend | Promise<Backend>>
> = {
  auto: createWasmBackend,
  reference: createReferenceBackend,
  wasm: createWasmBackend,
  // Loaded when it is asked for: it waits for its device anyway.
  webgpu: () =>
    rememberingWhy(
      "webgpu",
      async () => await (await import("./webgpu/mod.ts")).createWebGpuBackend(),
    ),
};

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
  // The name may come from a command line, whatever its type says.
  const found: unknown = name;
  if (typeof found !== "string" || !Object.hasOwn(FACTORIES, found)) {
    throw backendUnknown(
      typeof found === "string" ? found : typeof found,
      Object.keys(FACTORIES),
    );
  }
  return FACTORIES[name]();
}
