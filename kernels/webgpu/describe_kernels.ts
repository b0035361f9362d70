import { type Kernel, printKernel } from "../ir/mod.ts";

/**
 * Names kernels by their first lines, the first few of them.
 *
 * @param kernels The kernels.
 * @returns The names, for a message.
 */
export function describeKernels(kernels: readonly Kernel[]): string {
  const heads = kernels.slice(0, 3).map((kernel) =>
    `"${printKernel(kernel).split("\n", 1)[0]}"`
  );
  const others = kernels.length - heads.length;
  return others > 0
    ? `${heads.join(", ")} and ${others} more kernels`
    : heads.join(", ");
}
