/**
 * Writes the table of the readme: some rows of what `docs/performance.md` has measured.
 *
 * `deno task docs:readme`
 *
 * @module
 */
import { replaceMarked } from "../bench/report/page.ts";
import { ROOT } from "./project_files.ts";

const ROWS: readonly string[] = [
  "matmul 1024",
  "exp 1e7",
  "softmax rows",
  "conv 3 x 3, batch 8",
  "attention",
  "transformer step",
  "MLP step, adam",
  "CNN step",
  "process to first matmul",
];

/** The row's name, its unit, and the libraries. */
const COLUMNS = 7;

/**
 * Picks the table out of the page of measurements, or out of the readme.
 *
 * @param page The page.
 * @param mark What the table's marks begin with.
 * @returns Its cells, row by row, head first.
 */
export function tableOf(page: string, mark: string): string[][] {
  const begin = page.indexOf(`<!-- ${mark}:begin -->`);
  const end = page.indexOf(`<!-- ${mark}:end -->`);
  const rows = page.slice(begin, end).split("\n")
    .filter((line) => /^\| [^-]/.test(line))
    .map((line) =>
      line.split("|").slice(1, COLUMNS + 1).map((cell) => cell.trim())
    );
  const [head = []] = rows;
  return [
    head,
    ...ROWS.map((name) => rows.find(([found]) => found === name) ?? [name]),
  ];
}

if (import.meta.main) {
  const [readme, performance] = await Promise.all(
    ["README.md", "docs/performance.md"].map((path) =>
      Deno.readTextFile(new URL(path, ROOT))
    ),
  ) as [string, string];
  const [head = [], ...rows] = tableOf(performance, "bench");
  const rule = head.map((_, i) => i < 2 ? "---" : "--:");
  const table = [head, rule, ...rows].map((row) => `| ${row.join(" | ")} |`);
  await Deno.writeTextFile(
    new URL("README.md", ROOT),
    replaceMarked(readme, { name: "performance", content: table.join("\n") }),
  );
}
