import { invalidOption } from "../../core/base/mod.ts";
import type { FailingInput, OpcheckReport, OpcheckResult } from "./report.ts";

/** Elements that are printed of an input. */
const ELEMENTS_MAX = 24;

/**
 * Writes a report so that it can be read: one line a property; below one that fails, what was found,
 * the smallest call found with which it fails, and what to do.
 *
 * @example A report that is fine
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { printOpcheck } from "@spiraltorch/spiraltorch/check";
 *
 * const text = printOpcheck({ operator: "acme:swish", seed: 0, ok: true, results: [] });
 * assertStringIncludes(text, "acme:swish");
 * ```
 *
 * @param report The report.
 * @returns The text, lines separated by line feeds.
 * @throws {OptionError} `INVALID_OPTION` if it is no report.
 */
export function printOpcheck(report: OpcheckReport): string {
  const found: unknown = report?.results;
  if (!Array.isArray(found)) {
    throw invalidOption("a report", report, "what opcheck gives");
  }
  const { operator, seed, ok, results } = report;
  const failed = results.filter(({ status }) => status === "failed").length;
  const verdict = ok ? "ok" : `${failed} of ${results.length} properties fail`;
  return [
    `opcheck ${operator}: ${verdict} (seed ${seed})`,
    ...results.flatMap(linesOf),
  ].join("\n");
}

function linesOf(
  { property, status, cases, worstError, reason, failure }: OpcheckResult,
): string[] {
  const notes = [
    `${cases} ${cases === 1 ? "call" : "calls"}`,
    ...worstError === undefined
      ? []
      : [`largest error ${worstError.toExponential(1)}`],
    ...reason === undefined ? [] : [reason],
  ];
  const line = `  ${status.padEnd(7)} ${property}: ${notes.join("; ")}`;
  if (!failure) return [line];
  return [
    line,
    `    ${
      failure.output === undefined ? "" : `output ${failure.output}: `
    }${failure.message}`,
    `    smallest call found, from sample ${failure.sample}:`,
    ...failure.inputs.map((input, i) => `      input ${i}: ${textOf(input)}`),
    `      attributes: ${JSON.stringify(failure.attributes)}`,
    `    what to do: ${failure.advice}`,
  ];
}

function textOf({ dtype, shape, elements }: FailingInput): string {
  const shown = elements.slice(0, ELEMENTS_MAX).join(", ");
  const rest = elements.length > ELEMENTS_MAX ? ", …" : "";
  return `${dtype}[${shape}] of ${shown || "no elements"}${rest}`;
}
