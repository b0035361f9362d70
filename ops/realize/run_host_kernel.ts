import { isCoded, printable, sizeOf } from "../../core/base/mod.ts";
import type { HostElements } from "../../kernels/mod.ts";
import { convertElements } from "../convert_elements.ts";
import { inferMismatch, kernelFailed } from "../define/errors.ts";
import type { ApplyNode, HostOperator } from "../graph/node.ts";
import { Storage } from "../storage.ts";

/** What a kernel is run on. */
export interface HostRun {
  /** The operator whose kernel it is. */
  readonly operator: HostOperator;
  /** Name of the backend that the kernel is for. */
  readonly backend: string;
  /** The elements of each input. */
  readonly inputs: readonly HostElements[];
}

/**
 * Runs an operator's kernel. One that fails, or gives another number of elements than its operator
 * infers, is put out of use where something else can compute the operator.
 *
 * @param call The call.
 * @param run The kernel and its inputs.
 * @returns What it gave.
 * @throws {TensorError} `KERNEL_FAILED` if there is no kernel, or it failed.
 * @throws {TensorError} `OPERATOR_INFER_MISMATCH` if its result is not what the operator infers.
 */
export async function runHostKernel(
  { inputs: nodes, attributes, type }: ApplyNode,
  { operator, backend, inputs }: HostRun,
): Promise<Storage> {
  const { kernels, name } = operator;
  const kernel = kernels.find(backend);
  if (!kernel) {
    const known = kernels.failureOf(backend);
    throw kernelFailed(name, backend, {
      reason: known ?? `it has kernels for ${kernels.backends.join(", ")} only`,
    });
  }
  let elements: unknown;
  try {
    elements = await kernel(inputs, {
      inputs: nodes.map((node) => node.type),
      output: type,
      attributes,
    });
  } catch (cause) {
    const reason = printable(
      cause instanceof Error ? cause.message : String(cause),
      400,
    );
    if (hasOther(operator, backend)) kernels.disable(backend, reason);
    // What has a code says more than that it failed.
    throw isCoded(cause)
      ? cause
      : kernelFailed(name, backend, { reason, cause });
  }
  const size = sizeOf(type.shape);
  if (!isElements(elements) || elements.length !== size) {
    const found = isElements(elements)
      ? `${elements.length} elements`
      : typeof elements;
    const error = inferMismatch(name, backend, {
      found,
      wanted: `${size} elements for ${type.dtype}[${type.shape}]`,
    });
    if (hasOther(operator, backend)) kernels.disable(backend, error.message);
    throw error;
  }
  const host = convertElements(elements, type.dtype);
  return new Storage({ dtype: type.dtype, host });
}

/**
 * Tells whether something else can compute an operator. A kernel that is the only one stays in use.
 *
 * @param operator The operator.
 * @param backend What the kernel is for.
 * @returns Whether there is a function, or a kernel for `reference` beside it.
 */
export function hasOther(
  { fallback, kernels }: HostOperator,
  backend: string,
): boolean {
  return fallback !== undefined ||
    (backend !== "reference" && kernels.find("reference") !== undefined);
}

function isElements(value: unknown): value is HostElements {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}
