/**
 * What can go wrong when an operator is called that somebody defined.
 *
 * @module
 */
import {
  DTypeError,
  type JsonObject,
  OptionError,
  ShapeError,
} from "../../core/base/mod.ts";
import { operatorInvalid, TensorError } from "../errors.ts";

/**
 * Builds the error for a call that an operator's own definition does not take. It has the code and the
 * class of what went wrong inside, and names the operator that was called.
 *
 * @param operator Name of the operator.
 * @param inputs What it was given, in words.
 * @param cause What went wrong inside.
 * @returns The error, for the caller to throw; `cause` itself if nothing here made it.
 */
export function operatorCallFailed(
  operator: string,
  inputs: readonly string[],
  cause: unknown,
): unknown {
  const isKnown = cause instanceof ShapeError || cause instanceof DTypeError ||
    cause instanceof OptionError || cause instanceof TensorError;
  if (!isKnown) return cause;
  const { code, message } = cause;
  const details = { ...cause.details, operator, inputs };
  const text = `Cannot apply ${operator} to ${inputs.join(", ")}: ${
    message.replace(/^C/, "c")
  }`;
  const error = cause instanceof TensorError
    ? new TensorError(cause.code, text, details)
    : cause instanceof ShapeError
    ? new ShapeError(code, text, details)
    : cause instanceof DTypeError
    ? new DTypeError(code, text, details)
    : new OptionError(code, text, details);
  error.cause = cause;
  return error;
}

/**
 * Builds the error for a call that can give one result only.
 *
 * @param operator Name of the operator.
 * @param outputs Names of its outputs.
 * @returns The error, for the caller to throw.
 */
export function outputsSeveral(
  operator: string,
  outputs: readonly string[],
): TensorError {
  return new TensorError(
    "OUTPUTS_SEVERAL",
    `Cannot call ${operator} as a function: found ${outputs.length} outputs (${
      outputs.join(", ")
    }), wanted one, or a call of execute()`,
    { operator, outputs },
  );
}

/**
 * Builds the error for a shape that an operator's shape rule does not take.
 *
 * @param operator Name of the operator.
 * @param input Name of the input.
 * @param shapes The shape found, and the one wanted, in words.
 * @returns The error, for the caller to throw.
 */
export function shapeRuleBroken(
  operator: string,
  input: string,
  { found, wanted }: {
    readonly found: readonly number[];
    readonly wanted: string;
  },
): ShapeError {
  return new ShapeError(
    "SHAPE_MISMATCH",
    `Cannot apply ${operator} with input "${input}": found shape [${found}], wanted ${wanted}`,
    { operator, input, found, wanted },
  );
}

/**
 * Builds the error for a scalar expression with a problem.
 *
 * @param problem What was found and what was wanted.
 * @returns The error, for the caller to throw.
 */
export function expressionInvalid(problem: string): TensorError {
  return operatorInvalid("elementwise", [
    { code: "EXPRESSION", path: "forward", message: problem },
  ]);
}

/**
 * Builds the error for arithmetic of JavaScript on something that has no value.
 *
 * @returns The error, for the caller to throw.
 */
export function scalarMisused(): TensorError {
  return expressionInvalid(
    "Found arithmetic of JavaScript on a scalar, wanted its methods, x.add(1)",
  );
}

/**
 * Builds the error for a kernel that did not compute its operator.
 *
 * @param operator Name of the operator.
 * @param backend What the kernel is for.
 * @param failure Why, and what was thrown, if that is why.
 * @returns The error, for the caller to throw.
 */
export function kernelFailed(
  operator: string,
  backend: string,
  { reason, cause }: { readonly reason: string; readonly cause?: unknown },
): TensorError {
  const error = new TensorError(
    "KERNEL_FAILED",
    `Cannot compute ${operator} by its kernel for "${backend}": ${reason}`,
    { operator, backend, reason },
  );
  if (cause !== undefined) error.cause = cause;
  return error;
}

/**
 * Builds the error for a kernel whose result is not what its operator infers.
 *
 * @param operator Name of the operator.
 * @param backend What the kernel is for.
 * @param result What it gave, and what was inferred.
 * @returns The error, for the caller to throw.
 */
export function inferMismatch(
  operator: string,
  backend: string,
  { found, wanted }: { readonly found: string; readonly wanted: string },
): TensorError {
  return new TensorError(
    "OPERATOR_INFER_MISMATCH",
    `Cannot use what the kernel of ${operator} for "${backend}" gave: found ${found}, wanted ${wanted}`,
    { operator, backend, found, wanted },
  );
}

/**
 * Builds the error for an operator that cannot be written as data.
 *
 * @param operator Its name.
 * @returns The error, for the caller to throw.
 */
export function kernelNotRecorded(operator: string): TensorError {
  return new TensorError(
    "KERNEL_NOT_RECORDED",
    `Cannot record a call of ${operator}: found kernels only, wanted an operator that the other side knows, or one with a forward function`,
    { operator },
  );
}

/**
 * Builds the error for Wasm bytes that are no kernel.
 *
 * @param problem What was found and what was wanted.
 * @returns The error, for the caller to throw.
 */
export function wasmKernelInvalid(problem: string): TensorError {
  return new TensorError(
    "WASM_KERNEL_INVALID",
    `Cannot use Wasm bytes as a kernel: ${problem}`,
    { problem },
  );
}

/**
 * Builds the error for a Wasm kernel that did not compute its operator.
 *
 * @param problem What was found and what was wanted.
 * @returns The error, for the caller to throw.
 */
export function wasmKernelFailed(problem: string): TensorError {
  return new TensorError(
    "WASM_KERNEL_FAILED",
    `Cannot compute by a Wasm kernel: ${problem}`,
    { problem },
  );
}

/**
 * Builds the error for an operator that does not keep its promises.
 *
 * @param operator Name of the operator.
 * @param failures What does not hold.
 * @param report What `opcheck` found.
 * @returns The error, for the caller to throw.
 */
export function operatorCheckFailed(
  operator: string,
  failures: readonly string[],
  report: JsonObject,
): TensorError {
  return new TensorError(
    "OPERATOR_CHECK_FAILED",
    `Cannot register operator "${operator}": ${failures.join(", ")}`,
    { operator, report },
  );
}

/**
 * Builds the error for arithmetic of JavaScript on an attribute whose value is not known.
 *
 * @param attribute Name of the attribute.
 * @returns The error, for the caller to throw.
 */
export function attributeComputedWith(attribute: string): TensorError {
  return new TensorError(
    "ATTRIBUTE_UNKNOWN",
    `Cannot compute with attribute "${attribute}" while its function is traced: found arithmetic of JavaScript, wanted methods of tensors, x.mul(${attribute})`,
    { attribute },
  );
}
