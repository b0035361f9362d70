import type { CommandDefinition, CommandInput } from "../command.ts";
import { INLINE_OPTION } from "../with_ecosystem.ts";

/** Measures the machine. */
export const BENCH_COMMAND: CommandDefinition = {
  name: "bench",
  description:
    "Measures this machine in seconds: what it gives at best, and what the backends make of it.",
  options: [
    {
      flags: "--backend <name>",
      description:
        "what is measured: wasm, webgpu, all, or what a plugin brings",
    },
    INLINE_OPTION,
    {
      flags: "--seconds <count>",
      description: "how long to measure, about",
      isCount: true,
    },
  ],
  run: async (input: CommandInput) =>
    await (await import("../bench/bench.ts")).bench(input),
  examples: [{
    line: "bench",
    does: "measures one thread and all of them",
  }, {
    line: "bench --backend all --json",
    does: "measures a GPU too, as JSON",
  }],
};
