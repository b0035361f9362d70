import {
  operatorNotFound,
  type OperatorRegistry,
  type Trace,
} from "../../ops/mod.ts";

/**
 * Requires that every operator that a trace calls exists, so that a mistake is reported where the
 * trace arrives and not where it is used.
 *
 * @param trace The trace.
 * @param operators Where operators are found.
 * @throws {TensorError} `OPERATOR_NOT_FOUND` if one does not.
 */
export function assertKnownOperators(
  { values }: Trace,
  operators: OperatorRegistry,
): void {
  for (const value of values) {
    if (value.kind !== "call" || operators.has(value.operator)) continue;
    throw operatorNotFound(value.operator, operators.listOperators());
  }
}
