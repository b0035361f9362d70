import type { Shape } from "../../core/base/mod.ts";
import type { AttentionKernel } from "./kernel.ts";

/**
 * Tells which arrays an attention reads: queries, keys, then, but for `logSumExp`, values; for
 * `gradients` also the output's gradient, `logSumExp` and `delta`.
 *
 * @param kernel The kernel, of which `operands` does not matter.
 * @returns The index space of each, in order, and at the end that of a mask, which may be absent.
 */
export function attentionSpaces(
  { role, batch, queries, keys, depth, width }: Omit<
    AttentionKernel,
    "operands"
  >,
): readonly Shape[] {
  const inputs = [[queries, depth], [keys, depth]];
  if (role !== "logSumExp") inputs.push([keys, width]);
  if (role === "gradients") inputs.push([queries, width], [queries], [queries]);
  inputs.push([queries, keys]);
  return inputs.map((sizes) => [...batch, ...sizes]);
}
