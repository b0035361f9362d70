import { realizeNodes, type RealizeOptions } from "./realize/run.ts";
import { type Tensor, toNode } from "./tensor.ts";

/**
 * Computes several tensors together, so that what they share is computed once. From then on they are
 * data, as after {@linkcode Tensor.realize}.
 *
 * @example Two results of one computation
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { realize, tensor } from "@spiraltorch/spiraltorch";
 *
 * const x = tensor([1, 2]).exp();
 * const [sum, product] = await realize(x.sum(), x.prod());
 * assertEquals((await sum!.item()) > (await product!.item()), false);
 * ```
 *
 * @param tensors The tensors.
 * @returns The same tensors.
 */
export async function realize(
  ...tensors: readonly Tensor[]
): Promise<readonly Tensor[]> {
  return await realizeOn(tensors, {});
}

/**
 * Computes several tensors together on a backend of the caller's choice.
 *
 * @param tensors The tensors.
 * @param options Where to compute.
 * @returns The same tensors.
 */
export async function realizeOn(
  tensors: readonly Tensor[],
  options: RealizeOptions,
): Promise<readonly Tensor[]> {
  await realizeNodes(
    tensors.map((tensor) => toNode("realize", tensor)),
    options,
  );
  // They are there by now; each tensor takes its own.
  for (const tensor of tensors) await tensor.realize();
  return tensors;
}
