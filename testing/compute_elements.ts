import type { Backend } from "../kernels/mod.ts";
import { createReferenceBackend } from "../kernels/reference/mod.ts";
import { assertTensor } from "../nn/check/assert_tensor.ts";
import {
  type NestedNumbers,
  optionsOf,
  realizeOn,
  type Tensor,
} from "../ops/mod.ts";

/** Options of {@linkcode computeElements}. */
export interface ComputeElementsOptions {
  /** Where to compute; a reference backend in `float64` if left out. */
  readonly backend?: Backend;
}

/**
 * Computes a tensor's elements, with all the digits that the backend has. Nothing is kept in the
 * tensor: it can be computed again elsewhere.
 *
 * @example More digits than float32 has
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { computeElements } from "@spiraltorch/spiraltorch/testing";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * assertEquals(await computeElements(tensor(1).div(3)), Float64Array.of(1 / 3));
 * ```
 *
 * @param x The tensor.
 * @param options Where to compute.
 * @returns The elements, row by row.
 */
export async function computeElements(
  x: Tensor,
  options?: ComputeElementsOptions,
): Promise<Float64Array> {
  const { backend } = optionsOf("computeElements", options);
  assertTensor("computeElements", x);
  await using own = backend ? undefined : createReferenceBackend();
  // A call of its own, so that the result is not noted beside the caller's.
  const result = x.reshape(x.shape);
  await realizeOn([result], { backend: backend ?? own });
  const elements = Float64Array.from(flatten(await result.array()));
  result.dispose();
  return elements;
}

function flatten(nested: NestedNumbers): readonly number[] {
  return typeof nested === "number" ? [nested] : nested.flatMap(flatten);
}
