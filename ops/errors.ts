/**
 * What can go wrong when a computation is described or run.
 *
 * @module
 */
import {
  type Coded,
  didYouMean,
  formatIssues,
  type Issue,
  type Json,
  type JsonObject,
  suggest,
} from "../core/base/mod.ts";

/** The codes of this layer, with the line their pages open with. */
export const ERROR_CODES = {
  ATTRIBUTE_INVALID: "An operator was given an attribute it does not take.",
  ATTRIBUTE_UNKNOWN:
    "A traced function computed with an attribute in plain JavaScript.",
  DATA_NOT_ON_HOST: "A graph was recorded whose data is in a backend only.",
  DISPATCH_FAILED:
    "No backend computes a call as it was wanted, and nothing else may.",
  GRADIENT_SHAPE_MISMATCH:
    "An operator's gradient does not have the shape of its input.",
  NON_FINITE_VALUE: "A value that must be finite is not.",
  KERNEL_FAILED: "An operator's own kernel did not compute it.",
  KERNEL_NOT_RECORDED:
    "An operator that has kernels only cannot be written as data.",
  NOT_DIFFERENTIABLE: "A gradient was asked for that does not exist.",
  NOT_SCALAR: "One number was asked of a tensor that has more, or none.",
  OPERATOR_ARITY: "An operator was given the wrong number of inputs.",
  OPERATOR_CHECK_FAILED: "An operator does not keep its own promises.",
  OPERATOR_EXISTS: "An operator's name is taken.",
  OPERATOR_INFER_MISMATCH:
    "An operator's kernel gave another result than the operator infers.",
  OPERATOR_INVALID: "An operator's definition does not hold together.",
  OPERATOR_NOT_FOUND:
    "No operator has that name, or none of its versions is in the range.",
  OPERATOR_OWNED: "An operator belongs to a plugin and goes with it.",
  OPERATOR_PROTECTED: "A built-in operator cannot be removed.",
  OUTPUTS_SEVERAL:
    "An operator of several outputs was called as if it had one.",
  PLACEHOLDER_UNBOUND: "A tensor without elements was asked for its elements.",
  SHAPE_UNKNOWN: "A traced function asked for a dtype or shape.",
  TENSOR_DATA_INVALID: "A tensor was made from data that it cannot hold.",
  TENSOR_DISPOSED: "A tensor was used after its memory was given back.",
  TRACE_INVALID: "A graph that came from outside is malformed.",
  UPDATE_TARGET_INVALID: "A tensor cannot be given the new value of a step.",
  WASM_KERNEL_FAILED: "A kernel in WebAssembly did not compute its operator.",
  WASM_KERNEL_INVALID: "Wasm bytes cannot be used as a kernel.",
} as const;

/** A stable, machine-readable name of one failure of this layer. */
export type OpsErrorCode = keyof typeof ERROR_CODES;

/** A tensor or operator that cannot do what was asked of it. */
export class TensorError extends TypeError implements Coded {
  /** Stable name of the failure. */
  readonly code: OpsErrorCode;
  /** The values the message was made from. */
  readonly details: JsonObject;

  /**
   * Constructs a new instance. Prefer the factories: each code is built in one place.
   *
   * @param code Stable name of the failure.
   * @param message What was attempted, a colon, what was found and what was wanted.
   * @param details The values the message was made from.
   */
  constructor(code: OpsErrorCode, message: string, details: JsonObject) {
    super(message);
    this.name = "TensorError";
    this.code = code;
    this.details = details;
  }
}

/**
 * Builds the error for an attribute that an operator does not take.
 *
 * @param operator Name of the operator.
 * @param attribute Name of the attribute.
 * @param problem What was found and what was wanted.
 * @returns The error, for the caller to throw.
 */
export function attributeInvalid(
  operator: string,
  attribute: string,
  problem: string,
): TensorError {
  return new TensorError(
    "ATTRIBUTE_INVALID",
    `Cannot apply ${operator} with attribute "${attribute}": ${problem}`,
    { operator, attribute, problem },
  );
}

/**
 * Builds the error for data that cannot be recorded where it is.
 *
 * @param shape Shape of the tensor.
 * @returns The error, for the caller to throw.
 */
export function dataNotOnHost(shape: readonly number[]): TensorError {
  return new TensorError(
    "DATA_NOT_ON_HOST",
    `Cannot record a tensor of shape [${shape}]: its elements are in a backend, read them first`,
    { shape },
  );
}

/**
 * Builds the error for a gradient of the wrong shape, or one that is left out and may not be.
 *
 * @param operator Name of the operator whose gradient it is.
 * @param input Name of the input it belongs to.
 * @param shapes The shape found, `null` if there is no gradient, and the one wanted.
 * @returns The error, for the caller to throw.
 */
export function gradientShapeMismatch(
  operator: string,
  input: string,
  { found, wanted }: {
    readonly found: readonly number[] | null;
    readonly wanted: readonly number[];
  },
): TensorError {
  const is = found ? `has shape [${found}]` : "is left out";
  return new TensorError(
    "GRADIENT_SHAPE_MISMATCH",
    `Cannot differentiate ${operator}: the gradient of input "${input}" ${is}, wanted [${wanted}]`,
    { operator, input, found, wanted },
  );
}

/**
 * Builds the error for a gradient that does not exist.
 *
 * @param what What was to be differentiated.
 * @param reason Why it cannot be.
 * @returns The error, for the caller to throw.
 */
export function notDifferentiable(what: string, reason: string): TensorError {
  return new TensorError(
    "NOT_DIFFERENTIABLE",
    `Cannot differentiate ${what}: ${reason}`,
    { what, reason },
  );
}

/**
 * Builds the error for a guarded value that is not finite.
 *
 * @param label What the value is called.
 * @param value Its largest magnitude: `Infinity` or `NaN`.
 * @returns The error, for the caller to throw.
 */
export function nonFiniteValue(label: string, value: number): TensorError {
  return new TensorError(
    "NON_FINITE_VALUE",
    `Cannot compute "${label}": found ${value}, wanted finite values only`,
    { label, value: String(value) },
  );
}

/**
 * Builds the error for a tensor that does not hold exactly one number.
 *
 * @param operation What was attempted.
 * @param shape The tensor's shape.
 * @returns The error, for the caller to throw.
 */
export function notScalar(
  operation: string,
  shape: readonly number[],
): TensorError {
  return new TensorError(
    "NOT_SCALAR",
    `Cannot ${operation} of a tensor of shape [${shape}]: it must have exactly one element`,
    { operation, shape },
  );
}

/**
 * Builds the error for a wrong number of inputs.
 *
 * @param operator Name of the operator.
 * @param inputs Names of the inputs it takes.
 * @param found How many it was given.
 * @returns The error, for the caller to throw.
 */
export function operatorArity(
  operator: string,
  inputs: readonly string[],
  found: number,
): TensorError {
  return new TensorError(
    "OPERATOR_ARITY",
    `Cannot apply ${operator} to ${found} inputs: it takes ${inputs.length} (${
      inputs.join(", ")
    })`,
    { operator, inputs, found, expected: inputs.length },
  );
}

/**
 * Builds the error for a name that is taken.
 *
 * @param operator The name.
 * @param owner Who has it.
 * @returns The error, for the caller to throw.
 */
export function operatorExists(operator: string, owner: string): TensorError {
  return new TensorError(
    "OPERATOR_EXISTS",
    `Cannot register operator "${operator}": the name belongs to ${owner}`,
    { operator, owner },
  );
}

/**
 * Builds the error for a definition with problems.
 *
 * @param operator Its name, as far as it has one.
 * @param issues The problems.
 * @returns The error, for the caller to throw.
 */
export function operatorInvalid(
  operator: string,
  issues: readonly Issue[],
): TensorError {
  return new TensorError(
    "OPERATOR_INVALID",
    `Cannot define operator ${JSON.stringify(operator)}: ${
      formatIssues(issues)
    }`,
    { operator, issues: issuesAsJson(issues) },
  );
}

/**
 * Builds the error for an unknown operator.
 *
 * @param operator The name found, or the name and a range.
 * @param known The names there are.
 * @param options The versions that there are of it, where there are any.
 * @returns The error, for the caller to throw.
 */
export function operatorNotFound(
  operator: string,
  known: Iterable<string>,
  { versions = [] }: { readonly versions?: readonly string[] } = {},
): TensorError {
  const suggestions = versions.length > 0 ? [] : suggest(operator, known);
  const hint = didYouMean(suggestions);
  const why = versions.length > 0
    ? `found versions ${versions.join(", ")}`
    : `no operator has that name${hint && `, ${hint}`}`;
  return new TensorError(
    "OPERATOR_NOT_FOUND",
    `Cannot find operator ${JSON.stringify(operator)}: ${why}`,
    { operator, suggestions, versions: [...versions] },
  );
}

/**
 * Builds the error for an attempt to remove a plugin's operator.
 *
 * @param operator Its name.
 * @param owner Id of the plugin.
 * @returns The error, for the caller to throw.
 */
export function operatorOwned(operator: string, owner: string): TensorError {
  return new TensorError(
    "OPERATOR_OWNED",
    `Cannot unregister operator "${operator}": it belongs to plugin "${owner}" and goes with it`,
    { operator, owner },
  );
}

/**
 * Builds the error for an attempt to remove a built-in operator.
 *
 * @param operator Its name.
 * @returns The error, for the caller to throw.
 */
export function operatorProtected(operator: string): TensorError {
  return new TensorError(
    "OPERATOR_PROTECTED",
    `Cannot unregister operator "${operator}": it is built in`,
    { operator },
  );
}

/**
 * Builds the error for a placeholder that is asked for its elements.
 *
 * @param name What it is called.
 * @returns The error, for the caller to throw.
 */
export function placeholderUnbound(name: string): TensorError {
  return new TensorError(
    "PLACEHOLDER_UNBOUND",
    `Cannot compute placeholder "${name}": it has no elements while its function is being recorded`,
    { placeholder: name },
  );
}

/**
 * Builds the error for a traced function that looks at a dtype or shape.
 *
 * @param property What it looked at.
 * @returns The error, for the caller to throw.
 */
export function shapeUnknown(property: "dtype" | "shape"): TensorError {
  return new TensorError(
    "SHAPE_UNKNOWN",
    `Cannot read the ${property} of a tensor while its function is traced: one trace serves every ${property}`,
    { property },
  );
}

/**
 * Builds the error for data that a tensor cannot be made from.
 *
 * @param problem What was found and what was wanted.
 * @param details The values the message was made from.
 * @returns The error, for the caller to throw.
 */
export function tensorDataInvalid(
  problem: string,
  details: JsonObject = {},
): TensorError {
  return new TensorError(
    "TENSOR_DATA_INVALID",
    `Cannot make a tensor: ${problem}`,
    details,
  );
}

/**
 * Builds the error for a tensor whose memory is gone.
 *
 * @param size How many elements it had.
 * @returns The error, for the caller to throw.
 */
export function tensorDisposed(size: number): TensorError {
  return new TensorError(
    "TENSOR_DISPOSED",
    `Cannot use a tensor of ${size} elements: it has been disposed`,
    { size },
  );
}

/**
 * Builds the error for a malformed graph from outside.
 *
 * @param issues The problems.
 * @returns The error, for the caller to throw.
 */
export function traceInvalid(issues: readonly Issue[]): TensorError {
  return new TensorError(
    "TRACE_INVALID",
    `Cannot read a graph: ${formatIssues(issues)}`,
    { issues: issuesAsJson(issues) },
  );
}

/**
 * Builds the error for a tensor that a compiled step cannot update.
 *
 * @param target The tensor, in words.
 * @param found Its new value, in words, and whether the tensor is data.
 * @returns The error, for the caller to throw.
 */
export function updateTargetInvalid(
  target: string,
  { value, isData }: { readonly value: string; readonly isData: boolean },
): TensorError {
  const problem = isData
    ? `found ${value}, wanted the same dtype and shape`
    : "it must be realized before";
  return new TensorError(
    "UPDATE_TARGET_INVALID",
    `Cannot update ${target}: ${problem}`,
    { target, value, isData },
  );
}

function issuesAsJson(issues: readonly Issue[]): Json {
  return issues.map(({ code, path, message }) => ({ code, path, message }));
}
