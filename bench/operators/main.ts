/**
 * Measures operators of a plugin in a process of its own beside built-in ones that compute the same, in
 * turns, in one process: `deno task bench:operators`.
 *
 * All of them are compiled functions over a million numbers. Those of the one that stays in the sandbox
 * pause, and send the numbers there and back. "Of built-in" is the median of the ratios
 * of turns that came one after the other: machines change their speed, but not that fast.
 *
 * @module
 */
import {
  createEcosystem,
  randomUniform,
  terminal,
} from "@spiraltorch/spiraltorch";
import { PAIRS, timePair } from "./pairs.ts";

const SIZE = 1_000_000;

await using ecosystem = await createEcosystem({
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
for (const pair of PAIRS) {
  const { pluginMs, builtinMs, ratio } = await timePair(pair, ecosystem, x);
  out.write(
    `${pair.label.padEnd(28)} ${ms(pluginMs)}   built-in ${
      ms(builtinMs)
    }   of built-in ${ratio.toFixed(2)}\n`,
  );
}
