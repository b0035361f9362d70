import { type PeerName, PEERS } from "../contestants/names.ts";
import type { ContestantName, Report, RowResult, Verdict } from "../results.ts";
import type { Goal } from "../workload.ts";
import { NAMES, TITLES } from "./titles.ts";

const VERDICTS: Readonly<Record<Verdict, string>> = {
  atCeiling: "above the ceiling",
  met: "met",
  missed: "missed",
  unjudged: "",
};

/** Three digits that count. */
function digits(value: number): string {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(value)));
  return value.toFixed(Math.min(decimals, 3));
}

function floorOf({ floor, over }: Goal): string {
  const times = Object.entries(over).map(([peer, ratio]) =>
    `${digits(ratio)}× ${PEERS[peer as PeerName].title}`
  );
  const figure = floor === undefined ? "" : `${digits(floor)}; `;
  return figure + times.join(", ");
}

/** The fastest peer, and how many times as fast this library is. */
function besidesBest({ over }: RowResult): string {
  const [best] = Object.entries(over).sort(([, a], [, b]) => a - b);
  if (!best) return "";
  return `${digits(best[1])}× ${PEERS[best[0] as PeerName].title}`;
}

function cells(
  row: RowResult,
  names: readonly ContestantName[],
): readonly string[] {
  const { figures, ofCeiling, goal, verdict } = row;
  return [
    row.name,
    row.unit,
    ...names.map((name) => {
      const found = figures[name];
      return found ? digits(found.value) : row.absent[name] ? "no" : "";
    }),
    ofCeiling === undefined ? "" : `${Math.round(100 * ofCeiling)} %`,
    besidesBest(row),
    goal ? floorOf(goal) : "",
    VERDICTS[verdict],
  ];
}

/**
 * Puts a report into a table.
 *
 * @param report The report.
 * @returns Markdown.
 */
export function markdownTable({ rows }: Report): string {
  const names = NAMES.filter((name) =>
    name !== "ceiling" && rows.some(({ figures }) => figures[name])
  );
  const heads = [
    "row",
    "unit",
    ...names.map((name) => TITLES[name]),
    "of ceiling",
    "to the best peer",
    "floor",
    "floor is",
  ];
  const lines = [
    heads,
    heads.map((_, i) => i < 2 || i > names.length + 2 ? "---" : "---:"),
    ...rows.map((row) => cells(row, names)),
  ];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/**
 * Says where a report comes from.
 *
 * @param report The report.
 * @returns Markdown.
 */
export function provenance(
  {
    date,
    machine,
    adapter,
    threads,
    capacity,
    versions,
    isRelaxed,
    quick,
  }: Report,
): string {
  const { cpu, cores, memoryGiB, system, deno, v8 } = machine;
  const packages = Object.entries(versions).map(([name, version]) =>
    `\`${name}\` ${version}`
  );
  return [
    `Measured ${date.slice(0, 10)}${quick ? " in a hurry" : ""} on ${cpu}, ` +
    `${cores} cores, ${memoryGiB} GiB, ${system}; Deno ${deno}, V8 ${v8}; ` +
    (adapter === undefined
      ? `threads: ${threads}${
        capacity === undefined
          ? ""
          : `, which compute ${digits(capacity)} times as much as one`
      }; multiply-add of the ceiling: ` +
        `${isRelaxed ? "fused" : "two instructions"}.`
      : `adapter: ${adapter}.`),
    `${packages.join(", ")}.`,
  ].join("\n");
}
