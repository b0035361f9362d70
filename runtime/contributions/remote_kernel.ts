import { isCoded, type Json, sizeOf } from "../../core/base/mod.ts";
import type { Remote } from "../../core/mod.ts";
import type { HostKernel } from "../../ops/mod.ts";
import { contributionInvalid, kernelRevoked } from "../errors.ts";
import { packArrays, unpackArrays } from "../plugin/packed_arrays.ts";

/**
 * Makes a kernel of a function that stays in a sandbox. Each call sends the elements of the inputs and
 * waits for those of the output, for as long as a call into the sandbox may take.
 *
 * @param operator Name of the operator.
 * @param options The function's handle, and how to reach the sandbox.
 * @returns The kernel. It rejects with `KERNEL_REVOKED` once the sandbox is gone.
 */
export function remoteKernel(
  operator: string,
  { handle, remote }: { readonly handle: number; readonly remote: Remote },
): HostKernel {
  return async (inputs, { inputs: types, output, attributes }) => {
    const call: Json = {
      inputs: types.map(({ dtype, shape }) => ({ dtype, shape })),
      output: { dtype: output.dtype, shape: output.shape },
      attributes,
    };
    const { value, bytes } = await remote.call(
      handle,
      call,
      packArrays(types, inputs),
    ).catch((error) => {
      const isGone = isCoded(error) && error.code === "SANDBOX_DIED" &&
        error.details.reason === "unloaded";
      throw isGone ? kernelRevoked(operator, error) : error;
    });
    // How many elements there are tells their own array; whether so many are wanted is checked by
    // whoever runs the kernel.
    const size = sizeOf(output.shape);
    const isCount = typeof value === "number" && Number.isSafeInteger(value) &&
      value >= 0 && value <= 2 * size + 1024;
    const [elements] = isCount
      ? unpackArrays([{ dtype: output.dtype, shape: [value] }], bytes) ?? []
      : [];
    if (elements) return elements;
    throw contributionInvalid(
      "kernel",
      `found ${bytes.length} bytes for ${
        String(value).slice(0, 32)
      } elements, wanted ${size} of ${output.dtype}`,
    );
  };
}
