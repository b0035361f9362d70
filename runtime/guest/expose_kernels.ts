import type { Json } from "../../core/base/mod.ts";
import type { RemoteExposer } from "../../core/sandbox/guest/mod.ts";
import type { HostKernel, LoweredCall } from "../../ops/graph/node.ts";
import { packArrays, unpackArrays } from "../plugin/packed_arrays.ts";
import type { SentShader } from "../plugin/sent_shader.ts";
import { kernelResultInvalid } from "./errors.ts";

/** Kernels on their way to the host. */
export interface ExposedKernels {
  /** Handles of the kernels that stay here, sizes of the modules and the shaders that do not, by backend. */
  readonly data: {
    readonly kernels?: Readonly<Record<string, number>>;
    readonly modules?: Readonly<Record<string, number>>;
    readonly shaders?: Readonly<Record<string, SentShader>>;
  };
  /** The modules, one after the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Hands the kernels of an operator out to the host. Functions stay in the sandbox: each call brings the
 * elements of the inputs, and takes those of the output back. So do modules with a memory of their own,
 * since only here a call has a deadline. Modules that import their arrays, and shaders, are confined
 * wherever they run, and are sent.
 *
 * @param kernels The kernels by backend.
 * @param remote Hands functions out.
 * @returns What the host is told.
 */
export function exposeKernels(
  kernels: Readonly<Record<string, HostKernel>>,
  remote: RemoteExposer,
): ExposedKernels {
  const handles: Record<string, number> = {};
  const sizes: Record<string, number> = {};
  const shaders: Record<string, SentShader> = {};
  const parts: Uint8Array[] = [];
  for (const [backend, kernel] of Object.entries(kernels)) {
    const { code } = kernel;
    if (code?.language === "wgsl") {
      const { text, inputs, output, elementsPerInvocation } = code;
      shaders[backend] = { text, inputs, output, elementsPerInvocation };
    } else if (code?.arrays === "imported") {
      sizes[backend] = code.bytes.length;
      parts.push(code.bytes);
    } else handles[backend] = expose(kernel, { backend, remote });
  }
  const isAny = (entries: Record<string, unknown>) =>
    Object.keys(entries).length > 0;
  return {
    data: {
      ...isAny(handles) ? { kernels: handles } : {},
      ...isAny(sizes) ? { modules: sizes } : {},
      ...isAny(shaders) ? { shaders } : {},
    },
    bytes: concat(parts),
  };
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}

function expose(
  kernel: HostKernel,
  { backend, remote }: {
    readonly backend: string;
    readonly remote: RemoteExposer;
  },
): number {
  return remote.expose(async (args, bytes) => {
    const call = callOf(args);
    // The host has packed them by the same rule.
    const inputs = unpackArrays(call.inputs, bytes)!;
    const result: unknown = await kernel(inputs, call);
    if (!isElements(result)) throw kernelResultInvalid(backend, typeof result);
    const type = { dtype: call.output.dtype, shape: [result.length] };
    return { value: result.length, bytes: packArrays([type], [result]) };
  });
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
