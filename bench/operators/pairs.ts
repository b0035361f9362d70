import { compile, type Ecosystem, type Tensor } from "@spiraltorch/spiraltorch";
import {
  type Entry,
  measure,
  type Patience,
} from "../../runtime/cli/bench/measure.ts";
import { median } from "../../runtime/cli/bench/statistics.ts";
import type { GpuQueues } from "../gpu_queues.ts";

const PATIENCE: Patience = {
  samplesMin: 101,
  samplesMax: 401,
  samplingMs: 8_000,
  warmingMs: 3_000,
};

/** A GPU is waited for once after so many calls: each wait takes 11 ms in Deno. */
const GPU_CALLS = 50;
const GPU_PATIENCE: Patience = { ...PATIENCE, samplesMin: 25 };

/** An operator of `examples/plugins/operators.ts`, and what computes the same without it. */
export interface Pair {
  readonly label: string;
  readonly name: string;
  builtin(x: Tensor): Tensor;
}

function softsign(x: Tensor): Tensor {
  return x.div(x.abs().add(1));
}

/** An operator that the plugin writes as a function of tensors. */
export const TRACED: Pair = {
  label: "composite",
  name: "operators:softsign",
  builtin: softsign,
};

/** What computes the same twice: how far its ratio is from 1, so far may the others be by chance. */
const CONTROL: Pair = {
  label: "built-in, by its name",
  name: "softsign",
  builtin: softsign,
};

/** The control, and one operator for each way to define one. */
export const PAIRS: readonly Pair[] = [
  CONTROL,
  TRACED,
  {
    label: "expression",
    name: "operators:gelu",
    builtin: (x) => x.gelu(),
  },
  { label: "Wasm", name: "operators:linked_softsign", builtin: softsign },
  {
    label: "TypeScript, in the sandbox",
    name: "operators:remote_softsign",
    builtin: softsign,
  },
];

/** What is measured on a GPU: the control, and the shader. */
export const GPU_PAIRS: readonly Pair[] = [
  CONTROL,
  { label: "WGSL", name: "operators:shader_softsign", builtin: softsign },
];

/** How long the two of a pair take. */
export interface PairTimes {
  /** The plugin's, in milliseconds. */
  readonly pluginMs: number;
  /** The built-in one's, in milliseconds. */
  readonly builtinMs: number;
  /** The median of what the one takes over what the other does, turn by turn. */
  readonly ratio: number;
}

/** Times one pair. The two take turns, and whatever holds a result is given back at once. */
export async function timePair(
  pair: Pair,
  { operators }: Ecosystem,
  { x, queues }: { readonly x: Tensor; readonly queues?: GpuQueues },
): Promise<PairTimes> {
  const calls = queues ? GPU_CALLS : 1;
  using ours = compile((x) => operators.execute(pair.name, [x])[0]!);
  using theirs = compile(pair.builtin);
  const entry = (
    name: string,
    run: (x: Tensor) => Promise<Tensor>,
  ): Entry => ({
    name,
    async run() {
      for (let i = 0; i < calls; i++) {
        using _ = await run(x);
      }
      await queues?.finish();
    },
  });
  const [plugin, builtin] = await measure(
    [
      entry("plugin", ours),
      entry("built-in", theirs),
    ],
    queues ? GPU_PATIENCE : PATIENCE,
    () => performance.now(),
  );
  return {
    pluginMs: median(plugin!) / calls,
    builtinMs: median(builtin!) / calls,
    ratio: median(plugin!.map((time, i) => time / builtin![i]!)),
  };
}
