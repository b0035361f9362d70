import { assertFunction, listOf } from "../core/base/mod.ts";
import { createReferenceBackend } from "../kernels/reference/mod.ts";
import { assertTensor } from "../nn/check/assert_tensor.ts";
import { gradients, optionsOf, type Tensor, tensor } from "../ops/mod.ts";
import { assertClose } from "./assert_close.ts";
import { computeElements } from "./compute_elements.ts";
import { numericGradient } from "./numeric_gradient.ts";
import { randomArray } from "./random_array.ts";

/** Options of {@linkcode assertGradients}. */
export interface AssertGradientsOptions {
  /**
   * Largest gap: relative to slopes above 1, absolute for those below.
   *
   * @default {1e-6}
   */
  readonly tolerance?: number;
  /**
   * Seed of the weights with which the function's outputs are added up, printed if the gradients
   * differ.
   *
   * @default {0}
   */
  readonly seed?: number;
  /** Half the distance between the points that central differences compare. */
  readonly step?: number;
}

/**
 * Asserts that the gradients of a function of tensors agree with central differences, in `float64` on
 * the reference backend. The function's outputs are added up with random weights, so that each of
 * them has its own influence.
 *
 * **Cost**: two computations of the function for each element of the inputs.
 *
 * @example The gradient of an operator
 * ```ts
 * import { assertGradients } from "@spiraltorch/spiraltorch/testing";
 * import { tensor } from "@spiraltorch/spiraltorch/ops";
 *
 * await assertGradients((x) => x!.softmax(), [tensor([[1, 2, 3], [3, 1, 2]])]);
 * ```
 *
 * @param fn The function: smooth near the inputs, with a `float32` result.
 * @param inputs Its arguments, `float32`.
 * @param options Tolerance, seed and step.
 * @throws {AssertionError} If a slope differs.
 * @throws {TensorError} `NOT_DIFFERENTIABLE` if the function has no gradient.
 */
export async function assertGradients(
  fn: (...tensors: readonly Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options?: AssertGradientsOptions,
): Promise<void> {
  const { tolerance, seed = 0, step } = optionsOf("assertGradients", options);
  assertFunction("fn of assertGradients", fn);
  assertTensor("assertGradients", ...listOf("assertGradients inputs", inputs));
  await using backend = createReferenceBackend();
  function lossOf(tensors: readonly Tensor[]): Tensor {
    const y = fn(...tensors);
    assertTensor("the sum of assertGradients", y);
    const weights = randomArray(y.size, seed, { min: 0.5, max: 1.5 });
    return y.mul(tensor(weights, { shape: y.shape })).sum();
  }
  const found = gradients(lossOf(inputs), inputs);
  for (const [i, input] of inputs.entries()) {
    const want = await numericGradient(
      async (elements) => {
        const moved = tensor(elements, { shape: input.shape });
        const [loss] = await computeElements(
          lossOf(inputs.with(i, moved)),
          { backend },
        );
        return loss!;
      },
      await computeElements(input, { backend }),
      step === undefined ? {} : { step },
    );
    assertClose(await computeElements(found[i]!, { backend }), want, {
      seed,
      ...tolerance === undefined ? {} : { tolerance },
    });
  }
}
