import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { type Figures, figuresOf, type Report, rowOf } from "../results.ts";
import type { Work, Workload } from "../workload.ts";
import { contestantCurves } from "./contestant_curves.ts";
import { curvesSvg } from "./curves_svg.ts";
import { markdownTable, provenance } from "./markdown.ts";
import { replaceMarked } from "./page.ts";
import { threadsTable } from "./threads_table.ts";

const WORK: Work = { kind: "flops", flops: 4e6 };

function took(ms: number): Figures {
  return figuresOf(WORK, [ms], { repeats: 1 });
}

function product(size: number): Workload {
  return {
    kind: "process",
    loads: "tensors",
    name: `matmul ${size}`,
    work: WORK,
    goal: { floor: 40, over: { tfjs: 1.55 } },
    curve: { name: "matmul", size },
  };
}

const REPORT: Report = {
  date: "2025-01-02T03:04:05Z",
  machine: {
    cpu: "CPU",
    cores: 2,
    memoryGiB: 4,
    system: "linux x86_64",
    deno: "2",
    v8: "1",
  },
  threads: 1,
  quick: false,
  isRelaxed: true,
  versions: {},
  rows: [
    rowOf(product(64), {
      ours: took(0.1),
      tfjs: took(0.16),
      jax: took(4),
      ceiling: took(0.08),
    }),
    rowOf(product(256), { ours: took(0.1), tfjs: took(0.1) }, {
      absent: { jax: "it is wrong" },
    }),
  ],
};

Deno.test("markdownTable() shows figures, the nearest peer and the verdict", () => {
  const [head, , first, second] = markdownTable(REPORT).split("\n");
  assertEquals(
    head,
    "| row | unit | SpiralTorch | TensorFlow.js | jax-js | of ceiling | to the best peer | floor | floor is |",
  );
  assertEquals(
    first,
    "| matmul 64 | GFLOP/s | 40.0 | 25.0 | 1.00 | 80 % | 1.60× TensorFlow.js | 40.0; 1.55× TensorFlow.js | met |",
  );
  assertEquals(
    second,
    "| matmul 256 | GFLOP/s | 40.0 | 40.0 | no |  | 1.00× TensorFlow.js | 40.0; 1.55× TensorFlow.js | missed |",
  );
});

Deno.test("threadsTable() shows both figures, the speedup and what it could be", () => {
  const figures = { ours: took(0.1), alone: took(0.18), jax: took(0.4) };
  const row = rowOf(product(64), figures, { capacities: { flops: 1.9 } });
  const report: Report = { ...REPORT, threads: 2, rows: [row] };
  const [head, , first] = threadsTable(report).split("\n");
  assertEquals(
    head,
    "| row | unit | SpiralTorch, 1 thread | SpiralTorch, 2 threads | jax-js | speedup | at best | of that | to the best peer | floor is |",
  );
  assertEquals(
    first,
    "| matmul 64 | GFLOP/s | 22.2 | 40.0 | 10.0 | 1.80 | 1.90 | 95 % | 4.00× jax-js | met |",
  );
});

Deno.test("provenance() names machine, threads and packages", () => {
  const report = { ...REPORT, capacity: 1.5, versions: { "a/b": "1.2.3" } };
  const text = provenance(report);
  assertStringIncludes(text, "Measured 2025-01-02 on CPU, 2 cores, 4 GiB");
  assertStringIncludes(text, "1, which compute 1.50 times as much as one;");
  assertStringIncludes(text, "`a/b` 1.2.3.");
  assertStringIncludes(
    provenance({ ...REPORT, quick: true }),
    "2025-01-02 in a hurry",
  );
});

const TITLES = { xTitle: "n", yTitle: "y" };

Deno.test("curvesSvg() draws a line for each who has two points", () => {
  const svg = curvesSvg(contestantCurves(REPORT, "matmul"), TITLES)!;
  assertEquals(svg.match(/<polyline /g)?.length, 2);
  assert(svg.includes(">SpiralTorch</text>"));
  assert(!svg.includes(">jax-js</text>"));
  // The same figure at both sizes is a level line, across the whole width.
  const [, points] = /<polyline points="([^"]*)"/.exec(svg)!;
  const [[x0, y0], [x1, y1]] = points!.split(" ").map((point) =>
    point.split(",").map(Number)
  ) as [[number, number], [number, number]];
  assertEquals([x0, x1, y0], [56, 550, y1]);
});

Deno.test("curvesSvg() has nothing to draw for an unknown curve", () => {
  assertEquals(curvesSvg(contestantCurves(REPORT, "conv"), TITLES), undefined);
});

Deno.test("replaceMarked() keeps what is around the marks", () => {
  const page = "a\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nb";
  const once = replaceMarked(page, { name: "bench", content: "new" });
  assertEquals(
    once,
    "a\n<!-- bench:begin -->\n\nnew\n\n<!-- bench:end -->\nb",
  );
  assertEquals(replaceMarked(once, { name: "bench", content: "new" }), once);
  assertThrows(
    () => replaceMarked("no marks", { name: "bench", content: "new" }),
    TypeError,
  );
});
