import { invalidOption, optionsOf } from "../../core/base/mod.ts";
import type { Operator } from "../graph/node.ts";
import type { OpcheckOptions } from "./opcheck_options.ts";
import type { OpcheckReport } from "./report.ts";
import type { OperatorSample } from "./sample.ts";

/**
 * Checks an operator against its own promises: it takes what its schema names, infers what it computes,
 * reads inputs however they lie in memory, gives the same result for the same call and after a way
 * through text, has the slope that central differences in `float64` show, to the second order, and
 * computes on every backend what the reference does.
 *
 * **Numerics**: slopes may be 1e-6 off, those of slopes 1e-5, `float32` elements of backends 1e-5;
 * relative above 1.
 *
 * **Cost**: some hundred small programs, a tenth of a second.
 *
 * @example A gradient that is wrong
 * ```ts
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 * import { defineOperator, opcheck } from "@spiraltorch/spiraltorch/ops";
 * import { printOpcheck } from "@spiraltorch/spiraltorch/check";
 *
 * const square = defineOperator({
 *   name: "acme:square",
 *   inputs: ["x"],
 *   forward: ([x]) => x!.mul(x!),
 *   vjp: ({ inputs: [x], gradient }) => [gradient.mul(x!)], // it should be 2x
 * });
 * const report = await opcheck(square, [{ inputs: [[2, 3]] }]);
 * assertEquals(report.ok, false);
 * assertStringIncludes(printOpcheck(report), "failed  firstGradient");
 * ```
 *
 * @param operator The operator.
 * @param samples Calls to try. Left out: of a built-in operator its own; else some that are drawn from the
 * schema, as far as inference accepts them.
 * @param options What is known of the operator, and how it is checked.
 * @returns What was found: an operator that fails is a report, not an error.
 * @throws {OptionError} `INVALID_OPTION` if there is no call to try, or an argument is none.
 * @throws {BackendError} `BACKEND_UNKNOWN` if no backend has one of the names.
 */
export async function opcheck(
  operator: Operator,
  samples?: readonly OperatorSample[],
  options?: OpcheckOptions,
): Promise<OpcheckReport> {
  const name: unknown = operator?.name;
  if (typeof name !== "string" || typeof operator.infer !== "function") {
    throw invalidOption("an operator", operator, "what defineOperator gives");
  }
  if (samples !== undefined && !Array.isArray(samples)) {
    throw invalidOption(`samples of opcheck for ${name}`, samples, "a list");
  }
  const checked = optionsOf<OpcheckOptions>("opcheck", options);
  // Loaded when it is asked for: programs that only compute never do.
  const { runOpcheck } = await import("./run_opcheck.ts");
  return await runOpcheck(operator, samples, checked);
}
