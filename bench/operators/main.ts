/**
 * Measures operators of a plugin in a process of its own beside built-in ones that compute the same, in
 * turns, in one process: `deno task bench:operators`.
 *
 * All of them are compiled functions over a million numbers. Those of the one that stays in the sandbox
 * pause, and send the numbers there and back. "Of built-in" is the median of the ratios
 * of turns that came one after the other: machines change their speed, but not that fast.
 *
 * `deno task bench:operators --backend webgpu` measures the shader instead, on a GPU.
 *
 * @module
 */
import {
  createEcosystem,
  randomUniform,
  terminal,
} from "@spiraltorch/spiraltorch";
import { GpuQueues } from "../gpu_queues.ts";
import { GPU_PAIRS, PAIRS, timePair } from "./pairs.ts";

const SIZE = 1_000_000;

const isGpu = Deno.args.join(" ").includes("--backend webgpu");
const queues = isGpu ? new GpuQueues() : undefined;
queues?.watch(GPUAdapter.prototype);
await using ecosystem = await createEcosystem({
  backend: isGpu ? "webgpu" : "auto",
  baseUrl: new URL("../../examples/plugins/", import.meta.url),
});
const [plugin] = await ecosystem.loader.load("./operators.ts", {
  isolation: "process",
});
using x = await randomUniform([SIZE], { key: 7 }).mul(8).sub(4).realize();

const out = terminal();
const ms = (time: number) => `${time.toFixed(3).padStart(8)} ms`;
out.write(
  `${SIZE} float32 on ${ecosystem.backend.name}; plugin ${plugin!.id}, ${
    plugin!.isolation
  }\n`,
);
for (const pair of isGpu ? GPU_PAIRS : PAIRS) {
  const { pluginMs, builtinMs, ratio } = await timePair(pair, ecosystem, {
    x,
    ...queues && { queues },
  });
  out.write(
    `${pair.label.padEnd(28)} ${ms(pluginMs)}   built-in ${
      ms(builtinMs)
    }   of built-in ${ratio.toFixed(2)}\n`,
  );
}
