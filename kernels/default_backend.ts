import type { Backend } from "./backend.ts";
import { createBackend, type ImmediateBackendName } from "./create_backend.ts";

// The one value that belongs to the whole process: a tensor has no place to carry a backend from,
// and two tensors that meet in one expression must mean the same one. Made on first need.
const DEFAULT: { backend: Backend | undefined } = { backend: undefined };

/**
 * Finds the backend that computes when nobody says otherwise; makes it on first need.
 *
 * @returns The backend.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` if this machine can run none.
 */
export function defaultBackend(): Backend {
  return DEFAULT.backend ??= createBackend("auto");
}

/**
 * Chooses the backend that computes when nobody says otherwise. What is in the former one stays
 * there, and moves when it is needed.
 *
 * @example Computing with the reference
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { setDefaultBackend, tensor } from "@spiraltorch/spiraltorch";
 *
 * const former = setDefaultBackend("reference");
 * assertEquals(await tensor([1, 2]).add(1).array(), [2, 3]);
 * if (former) setDefaultBackend(former);
 * ```
 *
 * @param backend The backend, or the name of one that can be made at once: where a device has to be
 * asked for, `setDefaultBackend(await createBackend("webgpu"))`.
 * @returns The former one, if one was made.
 * @throws {BackendError} `BACKEND_UNKNOWN` if no backend has that name.
 * @throws {BackendError} `BACKEND_UNAVAILABLE` if this machine cannot run it.
 */
export function setDefaultBackend(
  backend: ImmediateBackendName | Backend,
): Backend | undefined {
  const former = DEFAULT.backend;
  DEFAULT.backend = typeof backend === "string"
    ? createBackend(backend)
    : backend;
  return former;
}

/** Forgets the default backend; the next computation makes a new one. */
export function resetDefaultBackend(): void {
  DEFAULT.backend = undefined;
}
