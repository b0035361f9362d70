import { assert } from "@std/assert";
import type { HostAct } from "../attack_case.ts";
import { assertRefused } from "../refused_pipelines.ts";

/** How soon each is refused; what else the machine does counts for nothing. */
const REFUSED_MS_MAX = 50;
const TIMES = 3;

/** What an alias repeats counts as often as it does. */
export const act: HostAct = async (stage) => {
  const levels = Array.from({ length: 9 }, (_, i) => {
    const inner = i === 0 ? "relu" : `*a${i - 1}`;
    return `  a${i}: &a${i} [${Array(9).fill(inner).join(", ")}]`;
  });
  const descriptions = [
    `variables:\n${levels.join("\n")}\nmodules: *a8`,
    "modules: &a [*a]",
    "modules: &a [{ sequential: *a }]",
    "variables: &v { v: *v }\nmodules: [relu]",
  ];
  for (const description of descriptions) {
    let leastMs = Infinity;
    for (let times = 0; times < TIMES; times++) {
      const startMs = performance.now();
      await assertRefused(stage, [description]);
      leastMs = Math.min(leastMs, performance.now() - startMs);
    }
    assert(leastMs < REFUSED_MS_MAX, `refused after ${leastMs} ms`);
  }
};
