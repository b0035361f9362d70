/**
 * What can go wrong in any backend.
 *
 * @module
 */
import { CodedError, printable } from "../../core/base/mod.ts";

/** The codes of this layer, with the line their pages open with. */
export const ERROR_CODES = {
  ARRAY_TOO_LARGE: "A backend cannot hold an array of that size.",
  BACKEND_DISPOSED: "A backend was used after it was disposed.",
  BACKEND_EXISTS: "A backend's name is taken.",
  BACKEND_FAILED: "A backend that a plugin brought failed in its own code.",
  BACKEND_REVOKED: "A backend went with the plugin that brought it.",
  BACKEND_UNAVAILABLE: "A backend cannot be used on this machine.",
  BACKEND_UNKNOWN: "No backend has that name.",
  KERNEL_TRAPPED: "The code that an operator brought did not finish.",
  OUT_OF_MEMORY: "A backend has no room for an array.",
  WGSL_KERNEL_INVALID: "A shader cannot be used as a kernel.",
} as const;

/** A failure of a backend. */
export class BackendError extends CodedError<keyof typeof ERROR_CODES> {
  /** Name of the class. */
  override readonly name: string = "BackendError";
}

/**
 * Builds the error for an array that no amount of memory would make room for.
 *
 * @param backend Name of the backend.
 * @param sizes How large it is to be, and how large it may be.
 * @returns The error, for the caller to throw.
 */
export function arrayTooLarge(
  backend: string,
  { bytes, bytesMax }: { readonly bytes: number; readonly bytesMax: number },
): BackendError {
  return new BackendError(
    "ARRAY_TOO_LARGE",
    `Cannot hold an array on backend "${backend}": found ${bytes} bytes, wanted at most ${bytesMax}`,
    { backend, bytes, bytesMax },
  );
}

/**
 * Builds the error for a backend that is used after its end.
 *
 * @param backend Name of the backend.
 * @returns The error, for the caller to throw.
 */
export function backendDisposed(backend: string): BackendError {
  return new BackendError(
    "BACKEND_DISPOSED",
    `Cannot use backend "${backend}": it has been disposed`,
    { backend },
  );
}

/** A backend that somebody has brought. */
export interface BroughtBackend {
  /** Its name. */
  readonly name: string;
  /** Who has brought it: a plugin's id, `host`, or `library`. */
  readonly owner: string;
}

/**
 * Builds the error for a name that is taken.
 *
 * @param taken The backend that has it.
 * @returns The error, for the caller to throw.
 */
export function backendExists({ name, owner }: BroughtBackend): BackendError {
  return new BackendError(
    "BACKEND_EXISTS",
    `Cannot register backend ${JSON.stringify(name)}: the name belongs to ${
      JSON.stringify(owner)
    }`,
    { backend: name, owner },
  );
}

/**
 * Builds the error for code of a backend that failed, or did not do what a backend does.
 *
 * @param failed The backend.
 * @param reason What its code did: `compile threw TypeError: …`.
 * @param options What it threw, if it threw.
 * @returns The error, for the caller to throw.
 */
export function backendFailed(
  { name, owner }: BroughtBackend,
  reason: string,
  options?: ErrorOptions,
): BackendError {
  const shown = printable(reason);
  return new BackendError(
    "BACKEND_FAILED",
    `Cannot use backend ${JSON.stringify(name)} of ${
      JSON.stringify(owner)
    }: ${shown}`,
    { backend: name, owner, reason: shown },
    options,
  );
}

/**
 * Builds the error for a backend whose plugin is gone.
 *
 * @param revoked The backend.
 * @returns The error, for the caller to throw.
 */
export function backendRevoked({ name, owner }: BroughtBackend): BackendError {
  return new BackendError(
    "BACKEND_REVOKED",
    `Cannot use backend ${JSON.stringify(name)}: it went with ${
      JSON.stringify(owner)
    }, which brought it`,
    { backend: name, owner },
  );
}

/**
 * Builds the error for a backend that this machine cannot run.
 *
 * @param backend Name of the backend.
 * @param reason What is missing.
 * @returns The error, for the caller to throw.
 */
export function backendUnavailable(
  backend: string,
  reason: string,
): BackendError {
  return new BackendError(
    "BACKEND_UNAVAILABLE",
    `Cannot start backend "${backend}": ${reason}`,
    { backend, reason },
  );
}

/**
 * Builds the error for a name that no backend has.
 *
 * @param backend The name found.
 * @param known The names there are.
 * @returns The error, for the caller to throw.
 */
export function backendUnknown(
  backend: string,
  known: readonly string[],
): BackendError {
  return new BackendError(
    "BACKEND_UNKNOWN",
    `Cannot find backend ${JSON.stringify(backend)}: known are ${
      known.map((name) => `"${name}"`).join(", ")
    }`,
    { backend, known },
  );
}

/** How much was asked for, and how much there was. */
export interface MemoryShortage {
  /** Bytes asked for. */
  readonly wantedBytes: number;
  /** Bytes in use. */
  readonly usedBytes: number;
  /** Bytes there are in all. */
  readonly totalBytes: number;
}

/**
 * Builds the error for an array that does not fit.
 *
 * @param backend Name of the backend.
 * @param shortage The sizes.
 * @returns The error, for the caller to throw.
 */
export function outOfMemory(
  backend: string,
  { wantedBytes, usedBytes, totalBytes }: MemoryShortage,
): BackendError {
  return new BackendError(
    "OUT_OF_MEMORY",
    `Cannot allocate ${wantedBytes} bytes on backend "${backend}": found ${usedBytes} of ${totalBytes} bytes in use, wanted fewer tensors at a time or more memory`,
    { backend, wantedBytes, usedBytes, totalBytes },
  );
}

/**
 * Builds the error for foreign code that did not compute what it was called for.
 *
 * @param operator Name of the operator that brought it.
 * @param backend Name of the backend that ran it.
 * @param failure Why, and what was thrown, if that is why.
 * @returns The error, for the caller to throw.
 */
export function kernelTrapped(
  operator: string,
  backend: string,
  { reason, cause }: { readonly reason: string; readonly cause?: unknown },
): BackendError {
  return new BackendError(
    "KERNEL_TRAPPED",
    `Cannot run the code of ${operator} on backend "${backend}": ${reason}`,
    { operator, backend, reason },
    { cause },
  );
}

/**
 * Builds the error for a shader that is no kernel.
 *
 * @param reason What was found and what was wanted.
 * @param operator Name of the operator that brought it, where that is known.
 * @returns The error, for the caller to throw.
 */
export function wgslKernelInvalid(
  reason: string,
  operator?: string,
): BackendError {
  return new BackendError(
    "WGSL_KERNEL_INVALID",
    `Cannot use WGSL as a kernel${
      operator === undefined ? "" : ` of ${operator}`
    }: ${reason}`,
    { reason, ...operator === undefined ? {} : { operator } },
  );
}
