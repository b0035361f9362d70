import type { Remote } from "../../core/mod.ts";
import { type HostKernel, wasmKernel } from "../../ops/mod.ts";
import { contributionInvalid, kernelRevoked } from "../errors.ts";

/** Modules that a sandbox sent. */
export interface SentModules {
  /** Their sizes by backend, in order. */
  readonly sizes: Readonly<Record<string, number>>;
  /** The modules, one after the other. */
  readonly bytes: Uint8Array;
  /** The sandbox. */
  readonly remote: Remote;
}

/**
 * Makes kernels of modules that a sandbox sent. The host runs them, so they are checked here, and must be
 * of the kind that reaches nothing but its arrays and is ended when it takes too long.
 *
 * @param operator Name of the operator.
 * @param sent The modules.
 * @returns The kernels by backend, which throw `KERNEL_REVOKED` once the plugin is unloaded.
 * @throws {RuntimeError} `CONTRIBUTION_INVALID` if there are other bytes, or a module is of another kind.
 * @throws {TensorError} `WASM_KERNEL_INVALID` if a module breaks a rule.
 */
export function sentKernels(
  operator: string,
  { sizes, bytes, remote }: SentModules,
): Record<string, HostKernel> {
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  if (total !== bytes.length) {
    throw contributionInvalid(
      "kernel",
      `found ${bytes.length} bytes of modules, wanted ${total}`,
    );
  }
  const signal = revokedWith(operator, remote);
  let end = 0;
  return Object.fromEntries(
    Object.entries(sizes).map(([backend, size]) => {
      const module = bytes.subarray(end, end += size);
      const kernel = wasmKernel(module, { signal });
      if (kernel.code?.arrays !== "imported") {
        throw contributionInvalid(
          "kernel",
          "found a module with a memory of its own alone, wanted one that imports its arrays",
        );
      }
      return [backend, kernel];
    }),
  );
}

/** A signal that gives the end of a sandbox as that of an operator's kernel. */
function revokedWith(
  operator: string,
  { signal }: Remote,
): AbortSignal | undefined {
  if (!signal) return undefined;
  const revocation = new AbortController();
  function revoke(): void {
    revocation.abort(kernelRevoked(operator, signal?.reason));
  }
  if (signal.aborted) revoke();
  else signal.addEventListener("abort", revoke, { once: true });
  return revocation.signal;
}
