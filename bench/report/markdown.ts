import { type PeerName, PEERS } from "../contestants/names.ts";
import type { ContestantName, Report, RowResult } from "../results.ts";
import type { Goal } from "../workload.ts";
import {
  besidesBest,
  digits,
  figureOf,
  percent,
  table,
  VERDICTS,
} from "./cells.ts";
import { NAMES, TITLES } from "./titles.ts";

function floorOf({ floor, over }: Goal): string {
  const times = Object.entries(over).map(([peer, ratio]) =>
    `${digits(ratio)}× ${PEERS[peer as PeerName].title}`
  );
  const figure = floor === undefined ? "" : `${digits(floor)}; `;
  return figure + times.join(", ");
}

function cells(
  row: RowResult,
  names: readonly ContestantName[],
): readonly string[] {
  const { ofCeiling, goal, verdict } = row;
  return [
    row.name,
    row.unit,
    ...names.map((name) => figureOf(row, name)),
    ofCeiling === undefined ? "" : percent(ofCeiling),
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
  return table(heads, {
    rows: rows.map((row) => cells(row, names)),
    isNumber: (column) => column > 1 && column <= names.length + 2,
  });
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
