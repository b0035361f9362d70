import type { Remote } from "../../core/mod.ts";
import { type HostKernel, wasmKernel, wgslKernel } from "../../ops/mod.ts";
import { contributionInvalid, kernelRevoked } from "../errors.ts";
import type { SentShader } from "../plugin/sent_shader.ts";

/** How large the modules of one operator may be together: the host reads them on its own thread. */
const MODULE_BYTES_MAX = 2 ** 20;

/** Kernels that a sandbox sent. */
export interface SentKernels {
  /** The sizes of modules by backend, in order. */
  readonly sizes: Readonly<Record<string, number>>;
  /**
   * The shaders by backend.
   *
   * @default {{}}
   */
  readonly shaders?: Readonly<Record<string, SentShader>>;
  /** The modules, one after the other. */
  readonly bytes: Uint8Array;
  /** The sandbox. */
  readonly remote: Remote;
}

/**
 * Makes kernels of modules and shaders that a sandbox sent. The host runs them, so they are checked here,
 * and must be of the kind that reaches nothing but its arrays and is ended when it takes too long.
 *
 * @param operator Name of the operator.
 * @param sent The modules and shaders.
 * @returns The kernels by backend, which throw `KERNEL_REVOKED` once the plugin is unloaded.
 * @throws {RuntimeError} `CONTRIBUTION_INVALID` if there are other bytes, or a module is of another kind.
 * @throws {TensorError} `WASM_KERNEL_INVALID` if a module breaks a rule.
 * @throws {BackendError} `WGSL_KERNEL_INVALID` if a shader does.
 */
export function sentKernels(
  operator: string,
  { sizes, shaders = {}, bytes, remote }: SentKernels,
): Record<string, HostKernel> {
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  if (total !== bytes.length) {
    throw contributionInvalid(
      "kernel",
      `found ${bytes.length} bytes of modules, wanted ${total}`,
    );
  }
  if (total > MODULE_BYTES_MAX) {
    throw contributionInvalid(
      "kernel",
      `found ${total} bytes of modules, wanted at most ${MODULE_BYTES_MAX}`,
    );
  }
  const signal = revokedWith(operator, remote);
  let end = 0;
  return Object.fromEntries([
    ...Object.entries(shaders).map(([backend, { text, ...options }]) => {
      const confined = { ...options, clearsOutput: true, signal };
      return [backend, wgslKernel(text, confined)] as const;
    }),
    ...Object.entries(sizes).map(([backend, size]) => {
      const module = bytes.subarray(end, end += size);
      const kernel = wasmKernel(module, { signal });
      const { code } = kernel;
      if (code?.language !== "wasm" || code.arrays !== "imported") {
        throw contributionInvalid(
          "kernel",
          "found a module with a memory of its own alone, wanted one that imports its arrays",
        );
      }
      return [backend, kernel] as const;
    }),
  ]);
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
