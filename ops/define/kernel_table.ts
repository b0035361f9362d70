import type { HostKernel, KernelTable } from "../graph/node.ts";

/**
 * Makes the table of an operator's kernels.
 *
 * @param kernels The kernels by backend.
 * @returns The table; which of them have failed is known to it alone.
 */
export function makeKernelTable(
  kernels: Readonly<Record<string, HostKernel>>,
): KernelTable {
  const known = new Map(Object.entries(kernels));
  const failures = new Map<string, string>();
  return {
    backends: [...known.keys()],
    find: (backend) => failures.has(backend) ? undefined : known.get(backend),
    failureOf: (backend) => failures.get(backend),
    disable(backend, reason) {
      if (!failures.has(backend)) failures.set(backend, reason);
    },
  };
}
