import type { Backend } from "../backend.ts";
import { backendUnknown } from "../ir/mod.ts";
import { createReferenceBackend } from "../reference/reference_backend.ts";
import { createWasmBackend } from "../wasm/mod.ts";

/** Names of the backends that start at once; `auto` is the fastest of them that works here. */
export type ImmediateBackendName = "auto" | "reference" | "wasm";

const FACTORIES: Readonly<Record<ImmediateBackendName, () => Backend>> = {
  auto: createWasmBackend,
  reference: createReferenceBackend,
  wasm: createWasmBackend,
};

/**
 * Makes a backend that starts at once. A program that asks for no other reads no file of another: all
 * that a module may import is read before it runs.
 *
 * @param name Its name.
 * @returns The backend, for the caller to dispose.
 * @throws {BackendError} `BACKEND_UNKNOWN` if none of them has that name.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` if this machine cannot run it.
 */
export function createImmediateBackend(name: ImmediateBackendName): Backend {
  if (!isImmediate(name)) {
    throw backendUnknown(
      typeof name === "string" ? name : typeof name,
      Object.keys(FACTORIES),
    );
  }
  return FACTORIES[name]();
}

/**
 * Tells whether a backend starts at once.
 *
 * @param name Its name, which may come from a command line, whatever its type says.
 * @returns Whether it is one of them.
 */
export function isImmediate(name: unknown): name is ImmediateBackendName {
  return typeof name === "string" && Object.hasOwn(FACTORIES, name);
}
