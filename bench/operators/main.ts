/**
 * Measures operators of a plugin in a process of its own beside built-in ones that compute the same, in
 * turns, in one process: `deno task bench:operators`.
 *
 * All of them are compiled functions over a million numbers but the one that stays in the sandbox, which
 * is not: each of its calls sends the numbers there and back. "Of built-in" is the median of the ratios
 * of turns that came one after the other: machines change their speed, but not that fast.
 *
 * @module
 */
import {
  compile,
  createEcosystem,
  randomUniform,
  type Tensor,
} from "@spiraltorch/spiraltorch";
import { type Entry, measure } from "../measure.ts";
import { median } from "../statistics.ts";

const SIZE = 1_000_000;

const PATIENCE = {
  samplesMin: 101,
  samplesMax: 401,
  samplingMs: 8_000,
  warmingMs: 3_000,
};

/** An operator, and what computes the same without it. */
interface Pair {
  readonly label: string;
  readonly name: string;
  readonly isRemote?: boolean;
  builtin(x: Tensor): Tensor;
}

function softsign(x: Tensor): Tensor {
  return x.div(x.abs().add(1));
}

const PAIRS: readonly Pair[] = [
  { label: "composite", name: "operators:softsign", builtin: softsign },
  {
    label: "expression",
    name: "operators:gelu",
    builtin: (x) => x.gelu(),
  },
  { label: "Wasm", name: "operators:linked_softsign", builtin: softsign },
  {
    label: "TypeScript, in the sandbox",
    name: "operators:remote_softsign",
    isRemote: true,
    builtin: softsign,
  },
];

await using ecosystem = await createEcosystem({
  baseUrl: new URL("../../examples/plugins/", import.meta.url),
});
const [plugin] = await ecosystem.loader.load("./operators.ts", {
  isolation: "process",
});
using x = await randomUniform([SIZE], { key: 7 }).mul(8).sub(4).realize();

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** Times one pair. The two take turns, and whatever holds a result is given back at once. */
async function timePair(pair: Pair): Promise<void> {
  const call = (input: Tensor) =>
    ecosystem.operators.execute(pair.name, [input])[0]!;
  using ours = compile(call);
  using theirs = compile(pair.builtin);
  const entry = (
    name: string,
    run: (x: Tensor) => Promise<Tensor>,
  ): Entry => ({
    name,
    async run() {
      using _ = await run(x);
    },
  });
  const [plugin, builtin] = await measure(
    [
      entry(
        "plugin",
        pair.isRemote ? async (x) => await call(x).realize() : ours,
      ),
      entry("built-in", theirs),
    ],
    PATIENCE,
    () => performance.now(),
  );
  const ratio = median(plugin!.map((time, i) => time / builtin![i]!));
  const ms = (times: readonly number[]) => median(times).toFixed(3).padStart(8);
  print(
    `${pair.label.padEnd(28)} ${ms(plugin!)} ms   built-in ${
      ms(builtin!)
    } ms   of built-in ${ratio.toFixed(2)}`,
  );
}

print(
  `${SIZE} float32 on ${ecosystem.backend.name}; plugin ${plugin!.id}, ${
    plugin!.isolation
  }`,
);
for (const pair of PAIRS) await timePair(pair);
