import type { Backend } from "./backend.ts";
import { backendUnknown } from "./ir/mod.ts";
import { createReferenceBackend } from "./reference/mod.ts";
import { createWasmBackend } from "./wasm/mod.ts";

/** Names under which a backend can be asked for; `auto` is the fastest one that works here. */
export type BackendName = "auto" | "reference" | "wasm";

const FACTORIES: Readonly<Record<BackendName, () => Backend>> = {
  auto: createWasmBackend,
  reference: createReferenceBackend,
  wasm: createWasmBackend,
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
 * @returns The backend, for the caller to dispose.
 * @throws {BackendError} `BACKEND_UNKNOWN` if no backend has that name.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` if this machine cannot run it.
 */
export function createBackend(name: BackendName): Backend {
  // The name may come from a command line, whatever its type says.
  if (!Object.hasOwn(FACTORIES, name)) {
    throw backendUnknown(String(name), Object.keys(FACTORIES));
  }
  return FACTORIES[name]();
}
