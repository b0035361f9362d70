/**
 * Measures what the first graph of a process costs, where no code is fast yet: one of 10,000 calls, and
 * its gradient, each in fresh processes one after the other: `deno task bench:graphs`. What later graphs
 * cost is measured by `graphs_bench.ts`.
 *
 * @module
 */
import { terminal } from "@spiraltorch/spiraltorch";
import { median } from "../../runtime/cli/bench/statistics.ts";

const PROCESSES = 20;
const GRAPHS: readonly string[] = ["layers", "chain"];
/** What is measured, and what is promised of it. */
const PARTS = [["described", 30], ["gradient", 60]] as const;

/** Runs a fresh process; gives what it prints: one time a part, in milliseconds. */
async function timesOf(graph: string): Promise<readonly number[]> {
  const script = new URL("./first_graph.ts", import.meta.url);
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-read", script.href, graph],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`the process for ${graph} failed`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

const samples = new Map(GRAPHS.map((graph) => [graph, PARTS.map(() => [0])]));
for (let i = 0; i < PROCESSES; i++) {
  for (const graph of GRAPHS) {
    const times = await timesOf(graph);
    times.forEach((time, part) => samples.get(graph)![part]![i] = time);
  }
}
const out = terminal();
const ms = (time: number) => `${time.toFixed(1).padStart(6)} ms`;
for (const [graph, parts] of samples) {
  PARTS.forEach(([part, goalMs], i) => {
    const times = parts[i]!;
    out.write(
      `${graph.padEnd(7)} ${part.padEnd(10)} least ${
        ms(Math.min(...times))
      }   median ${ms(median(times))}   goal ${ms(goalMs)}\n`,
    );
  });
}
