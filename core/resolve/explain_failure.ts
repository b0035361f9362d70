import { printable } from "../base/mod.ts";
import { quoted } from "../errors.ts";
import type { Derivation, Dispute, Fix, Reason } from "./derivation.ts";

/** More versions of a plugin than these are not listed. */
const EXIST_MAX = 12;

/**
 * Puts a failed resolution into words: what kind it is, the facts that lead there, the ranges side
 * by side with what exists, and what would help.
 *
 * @param derivation Why there is no solution.
 * @param fixes What was tried and would help.
 * @returns Lines, the first of which says what kind it is.
 */
export function explainFailure(
  derivation: Derivation,
  fixes: readonly Fix[],
): string {
  const { reasons, disputes } = derivation;
  return [
    headline(derivation),
    ...reasons.map((reason) => `  ${inWords(reason)}`),
    ...disputes.filter(({ id, wanted }) =>
      id === derivation.id || wanted.length > 1
    ).flatMap(sideBySide),
    ...fixes.length === 0
      ? ["No single change that was tried helps"]
      : ["Each of these helps, tried by resolving again:"],
    ...fixes.map(({ text }) => `  ${text}`),
  ].join("\n");
}

function headline({ kind, id, disputes }: Derivation): string {
  const name = quoted(id);
  const dispute = disputes.find((one) => one.id === id);
  switch (kind) {
    case "policy":
      return `Blocked by policy: ${name} is excluded in the versions that are needed`;
    case "yanked":
      return `Yanked: ${name} was withdrawn in the versions that are needed`;
    case "engine":
      return `Engine: ${name} works with other versions of the library`;
    case "missing":
      return dispute !== undefined && dispute.exist.length > 0
        ? `Missing: no version of ${name} that exists lies in the range that is wanted`
        : `Missing: there is no plugin ${name}`;
    case "conflict":
      return dispute?.common.length === 0
        ? `Conflict: ${name} is wanted in ranges that no version lies in together`
        : `Conflict: no version of ${name} goes with all that is needed`;
    default:
      return kind satisfies never;
  }
}

function subject({ id, versions }: Reason): string {
  if (versions === "*") return `every version of ${quoted(id)}`;
  return `${quoted(id)} ${versions}`;
}

function inWords(reason: Reason): string {
  const { kind, dependency = "", wanted = "", found = "" } = reason;
  const why = reason.reason ? `: ${printable(reason.reason, 200)}` : "";
  const note = reason.isOverridden ? " (by an override)" : "";
  const object = `${quoted(dependency)} ${printable(wanted)}${note}`;
  switch (kind) {
    case "request":
      return `${quoted(dependency)} ${printable(wanted)} is asked for`;
    case "dependency":
      return `${subject(reason)} depends on ${object}`;
    case "optional":
      return `${subject(reason)} works with ${object} only, if at all`;
    case "substitute":
      return `${object} stands in for ${subject(reason)}`;
    case "engine":
      return `${subject(reason)} works with spiraltorch ${
        printable(wanted)
      }, found ${found}`;
    case "policy":
      return `${subject(reason)} is excluded${why}`;
    case "yanked":
      return `${subject(reason)} was withdrawn${why}`;
    default:
      return kind satisfies never;
  }
}

/** The ranges in a column, and below them what exists. */
function sideBySide({ id, wanted, exist }: Dispute): string[] {
  const width = Math.max(
    "exist".length,
    ...wanted.map(({ range }) => range.length),
  );
  const rows = wanted.map(({ by, range }) =>
    `  ${printable(range).padEnd(width)}  ${
      by === "" ? "asked for" : `wanted by ${printable(by)}`
    }`
  );
  const more = exist.length > EXIST_MAX
    ? ` and ${exist.length - EXIST_MAX} more`
    : "";
  const list = exist.slice(0, EXIST_MAX).map((text) => printable(text));
  const shown = exist.length === 0 ? "nothing" : list.join(", ") + more;
  return [`${quoted(id)}:`, ...rows, `  ${"exist".padEnd(width)}  ${shown}`];
}
