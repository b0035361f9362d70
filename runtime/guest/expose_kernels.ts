import type { Json } from "../../core/base/mod.ts";
import type { RemoteExposer } from "../../core/sandbox/guest/mod.ts";
import type { HostKernel, LoweredCall } from "../../ops/graph/node.ts";
import { packArrays, unpackArrays } from "../plugin/packed_arrays.ts";
import { kernelResultInvalid } from "./errors.ts";

/**
 * Hands the kernels of an operator out to the host. They stay in the sandbox: each call brings the
 * elements of the inputs, and takes those of the output back.
 *
 * @param kernels The kernels by backend.
 * @param remote Hands functions out.
 * @returns The handle of each kernel.
 */
export function exposeKernels(
  kernels: Readonly<Record<string, HostKernel>>,
  remote: RemoteExposer,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(kernels).map(([backend, kernel]) => [
      backend,
      remote.expose(async (args, bytes) => {
        const call = callOf(args);
        // The host has packed them by the same rule.
        const inputs = unpackArrays(call.inputs, bytes)!;
        const result: unknown = await kernel(inputs, call);
        if (!isElements(result)) {
          throw kernelResultInvalid(backend, typeof result);
        }
        const type = { dtype: call.output.dtype, shape: [result.length] };
        return { value: result.length, bytes: packArrays([type], [result]) };
      }),
    ]),
  );
}

/** The host's own message. */
function callOf(args: Json): LoweredCall {
  const value: unknown = args;
  return value as LoweredCall;
}

function isElements(
  value: unknown,
): value is ArrayBufferView & ArrayLike<number> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}
