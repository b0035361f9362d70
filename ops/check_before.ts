import type { JsonObject } from "../core/base/mod.ts";
import { opcheck } from "./check/opcheck.ts";
import type { OperatorSample } from "./check/sample.ts";
import { operatorCheckFailed } from "./define/errors.ts";
import type { Operator } from "./graph/node.ts";

/**
 * Requires that an operator keeps its own promises.
 *
 * @param operator The operator.
 * @param samples Calls to try; those that `opcheck` finds if left out.
 * @throws {TensorError} `OPERATOR_CHECK_FAILED` with the report, if a property does not hold.
 */
export async function checkBefore(
  operator: Operator,
  samples: readonly OperatorSample[] | undefined,
): Promise<void> {
  const report = await opcheck(operator, samples);
  if (report.ok) return;
  const failures = report.results.flatMap(({ property, failure }) =>
    failure ? [`${property}: ${failure.message}`] : []
  );
  // A report is plain data by its own account.
  const data: JsonObject = JSON.parse(JSON.stringify(report));
  throw operatorCheckFailed(operator.name, failures, data);
}
