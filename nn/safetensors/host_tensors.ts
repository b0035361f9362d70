import { assertInstance } from "../../core/base/mod.ts";
import { type Tensor, tensor } from "../../ops/mod.ts";
import { assertTensors } from "../check/assert_tensor.ts";
import { assertHostTensor } from "./assert_host_tensor.ts";
import type { HostTensor } from "./format.ts";

/**
 * Reads tensors out of their backends.
 *
 * @param tensors Tensors by name.
 * @returns Their elements by name, in the same order.
 * @throws {OptionError} `INVALID_OPTION` if it is no map of tensors.
 */
export async function hostTensors(
  tensors: ReadonlyMap<string, Tensor>,
): Promise<Map<string, HostTensor>> {
  assertTensors("tensors of hostTensors", tensors);
  const entries = await Promise.all(
    Array.from(tensors, async ([name, tensor]) => {
      const { dtype, shape } = tensor;
      return [name, { dtype, shape, data: await tensor.data() }] as const;
    }),
  );
  return new Map(entries);
}

/**
 * Makes a tensor of what was read.
 *
 * @param read Its elements.
 * @returns The tensor.
 * @throws {OptionError} `INVALID_OPTION` if they are something else.
 */
export function tensorOf(read: HostTensor): Tensor {
  assertHostTensor("tensorOf", read);
  const { dtype, shape, data } = read;
  return tensor(data, { dtype, shape });
}

/**
 * Makes tensors of what was read.
 *
 * @param tensors Elements by name.
 * @returns Tensors by name, in the same order.
 * @throws {OptionError} `INVALID_OPTION` if it is no map of elements.
 */
export function tensorsOf(
  tensors: ReadonlyMap<string, HostTensor>,
): Map<string, Tensor> {
  assertInstance("tensors of tensorsOf", tensors, Map);
  return new Map(
    Array.from(tensors, ([name, read]) => [name, tensorOf(read)]),
  );
}
