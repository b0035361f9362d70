import type { TensorType } from "../graph/node.ts";
import { operatorCallFailed } from "./errors.ts";

/** An operator that is called. */
export interface CalledOperator {
  /** Its name. */
  readonly name: string;
  /** Names of its inputs; the last one may be given more than once. */
  readonly inputs: readonly string[];
}

/**
 * Infers what a call gives by what its operator is made of. What goes wrong inside names the operator
 * that was called, and what it was given.
 *
 * @typeParam Result What is inferred.
 * @param operator The operator.
 * @param types Types of the inputs of the call.
 * @param infer Infers it.
 * @returns What was inferred.
 */
export function inferCall<Result>(
  { name, inputs }: CalledOperator,
  types: readonly TensorType[],
  infer: () => Result,
): Result {
  try {
    return infer();
  } catch (cause) {
    const isNamed = cause instanceof Error &&
      cause.message.startsWith(`Cannot apply ${name} `);
    if (isNamed) throw cause;
    const found = types.map(({ dtype, shape }, i) =>
      `${inputs[i] ?? inputs.at(-1)} ${dtype}[${shape}]`
    );
    throw operatorCallFailed(name, found, cause);
  }
}
