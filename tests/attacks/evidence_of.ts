// What a case asserts beside what all cases have in common, in words.

import type { AttackCase, AttackRun } from "./attack_case.ts";

const MEBIBYTE = 2 ** 20;

/**
 * Puts the evidence of a case into words: what its runs say, and what it says itself of what it does at the host.
 *
 * @param attack The case.
 * @returns Sentences, each fact once.
 */
export function evidenceOf({ runs, evidence = "" }: AttackCase): string {
  const facts = [...new Set(runs.flatMap(factsOf))].join("; ");
  return `${facts === "" ? "" : `${facts}. `}${evidence}`.trim();
}

function factsOf(run: AttackRun): string[] {
  const { expect, closed, answer, failsWithinMs, heldBytesMax, logs } = run;
  const facts = [
    expect && failureIn(expect),
    failsWithinMs && `within ${failsWithinMs} ms`,
    ...[expect?.says ?? []].flat().map((word) => `names \`${word}\``),
    run.then && `the next call is ${codes(run.then)}`,
    run.lives && "the plugin goes on",
    closed &&
    `${closed} ${
      closed === 1 ? "attempt" : "attempts, each"
    } refused by what it meets`,
    answer !== undefined && `answers \`${JSON.stringify(answer)}\``,
    heldBytesMax &&
    `the host holds at most ${heldBytesMax / MEBIBYTE} MiB more`,
    logs && `the log has \`${logs}\``,
    run.clean &&
    "its texts have at most 1.5 KiB, and no character that moves or hides others",
    run.hidden && "neither the project nor the user is named",
  ];
  return facts.filter((fact) => typeof fact === "string");
}

/** The error that is wanted: `SANDBOX_DIED` (rss-limit or signal). */
function failureIn(
  { code, reason = [], orCode, details = {} }: NonNullable<AttackRun["expect"]>,
): string {
  const reasons = [reason].flat();
  const how = [
    ...reasons.length === 0 ? [] : [reasons.join(" or ")],
    ...Object.values(details).map(String),
  ];
  const either = codes(orCode === undefined ? [code] : [code, orCode]);
  return how.length === 0 ? either : `${either} (${how.join(", ")})`;
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(" or ");
}
