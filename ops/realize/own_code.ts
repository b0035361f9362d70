import { itemBytes, sizeOf } from "../../core/base/mod.ts";
import type { OpaqueCode } from "../../kernels/ir/mod.ts";
import type {
  HostKernel,
  HostOperator,
  KernelTable,
  LoweredCall,
} from "../graph/node.ts";
import type { KernelMisfit } from "../dispatch/rejection.ts";
import { numbersOf } from "./build_opaque.ts";

/** What a shader may see arrays as parts of. */
const VECTOR_BYTES = 16;

/** Names of the backends that run code of a language. */
const RUNNERS: Readonly<Record<OpaqueCode["language"], readonly string[]>> = {
  wasm: ["wasm", "reference"],
  wgsl: ["webgpu"],
};

/**
 * Finds the code of an operator's own that a backend runs amid what it computes.
 *
 * @param operator The operator.
 * @param backend Name of the backend.
 * @param call The call.
 * @returns The code; `undefined` if there is none, or it is not for such calls.
 */
export function findOwnCode(
  { kernels, fallback }: HostOperator,
  backend: string,
  call: LoweredCall,
): OpaqueCode | undefined {
  // What the operator stands for goes before a kernel for another backend.
  const labels = fallback ? [backend] : [backend, "reference"];
  const code = labels.map((label) => fittingKernel(kernels, label, call))
    .find((kernel) => kernel)?.code;
  const isRun = code && RUNNERS[code.language].includes(backend) &&
    misfitOf(code, call) === undefined;
  return isRun ? code : undefined;
}

/**
 * Finds the kernel that computes calls on the host.
 *
 * @param kernels The kernels.
 * @param backend Name of the backend that they are wanted for.
 * @param call The call.
 * @returns The kernel; `undefined` if there is none for such calls, or only a device runs it.
 */
export function findOnHost(
  kernels: KernelTable,
  backend: string,
  call: LoweredCall,
): HostKernel | undefined {
  const kernel = fittingKernel(kernels, backend, call);
  return kernel?.code?.language === "wgsl" ? undefined : kernel;
}

/**
 * Tells why an operator's kernel for a backend does not compute a call.
 *
 * @param operator The operator.
 * @param backend Name of the backend.
 * @param call The call.
 * @returns The reason; `undefined` if it does, or there is no such kernel.
 */
export function kernelMisfit(
  { kernels }: HostOperator,
  backend: string,
  call: LoweredCall,
): KernelMisfit | undefined {
  const kernel = kernels.find(backend);
  if (kernel === undefined) return undefined;
  if (!doesSupport(kernel, call)) {
    const types = call.inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`);
    return {
      reason: "SHAPE_UNSUPPORTED",
      detail: `its kernel for ${backend} does not support ${types.join(", ")}`,
    };
  }
  const { code } = kernel;
  return code?.language === "wgsl" ? misfitOf(code, call) : undefined;
}

function fittingKernel(
  kernels: KernelTable,
  backend: string,
  call: LoweredCall,
): HostKernel | undefined {
  const kernel = kernels.find(backend);
  return kernel && doesSupport(kernel, call) ? kernel : undefined;
}

function doesSupport({ supports }: HostKernel, call: LoweredCall): boolean {
  return supports === undefined || supports(call);
}

/** Why code does not compute a call. */
function misfitOf(
  code: OpaqueCode,
  { inputs, output, attributes }: LoweredCall,
): KernelMisfit | undefined {
  if (numbersOf(attributes) === undefined) {
    return {
      reason: "DTYPE_UNSUPPORTED",
      detail:
        `its kernel in ${code.language} takes attributes that are numbers and truth values`,
    };
  }
  if (code.language === "wasm") return undefined;
  const wanted = [...code.inputs, code.output];
  const arrays = [...inputs, output];
  const found = arrays.map(({ dtype }) => dtype);
  const isSame = wanted.length === found.length &&
    wanted.every((dtype, i) => dtype === found[i]);
  if (!isSame) {
    return {
      reason: "DTYPE_UNSUPPORTED",
      detail: `its kernel in wgsl is for ${wanted.join(", ")}, the call for ${
        found.join(", ")
      }`,
    };
  }
  const uneven = arrays.find(({ dtype, shape }, i) =>
    code.isVectors?.[i] &&
    sizeOf(shape) * itemBytes(dtype) % VECTOR_BYTES !== 0
  );
  return uneven && {
    reason: "SHAPE_UNSUPPORTED",
    detail:
      `its kernel in wgsl sees vectors of ${VECTOR_BYTES} bytes, and ${uneven.dtype}[${uneven.shape}] is no whole number of them`,
  };
}
