import { assert, assertEquals, assertMatch } from "@std/assert";
import { Ceiling } from "../runtime/cli/bench/ceiling.ts";
import type { Contestant } from "./contestants/contestant.ts";
import { type Contestants, runWorkload } from "./run_workload.ts";
import type { FormulaWorkload } from "./workload.ts";

const ADD: FormulaWorkload = {
  kind: "formula",
  name: "add",
  inputs: [{ shape: [64], bound: 1 }, { shape: [64], bound: 1 }],
  steps: [{ op: "add", left: 0, right: 1 }],
  repeats: 3,
  work: { kind: "bytes", bytes: 3 * 4 * 64, loop: "add" },
  goal: { floor: 1, over: { tfjs: 1e-9 } },
};

/** Adds, with a mistake of a given size, and remembers whether it was disposed. */
function adder(mistake: number): Contestant & { isDisposed: boolean } {
  return {
    versions: {},
    isDisposed: false,
    refuses: () => undefined,
    prepare(_, [left, right]) {
      let sum = new Float32Array();
      return {
        run() {
          sum = left!.map((x, i) => x + right![i]! + mistake);
        },
        read: () => sum,
        [Symbol.dispose]: () => {
          this.isDisposed = true;
        },
      };
    },
  };
}

function run(contestants: Contestants) {
  return runWorkload(ADD, {
    contestants,
    ceiling: new Ceiling(),
    finish: () => Promise.resolve(),
    patience: {
      samplesMin: 3,
      samplesMax: 3,
      samplingMs: 0,
      warmingMs: 0,
    },
    seed: 1,
  });
}

Deno.test("runWorkload() measures and judges who is right", async () => {
  const [ours, tfjs] = [adder(0), adder(1e-6)];
  const row = await run(new Map([["ours", ours], ["tfjs", tfjs]]));
  assertEquals(Object.keys(row.figures), ["ours", "tfjs", "ceiling"]);
  assertEquals(row.figures.ours!.samples, 3);
  assert(row.figures.tfjs!.error! > row.figures.ours!.error!);
  assertEquals(row.verdict, "met");
  assert(ours.isDisposed && tfjs.isDisposed);
});

Deno.test("runWorkload() does not time who is wrong", async () => {
  const row = await run(new Map([["ours", adder(0)], ["tfjs", adder(1e-2)]]));
  assertEquals(row.figures.tfjs, undefined);
  assertMatch(row.absent.tfjs!, /^it is wrong by /);
  assertEquals(row.verdict, "unjudged");
});

Deno.test("runWorkload() passes over who refuses", async () => {
  const jax = { ...adder(0), refuses: () => "it cannot add" };
  const row = await run(new Map([["ours", adder(0)], ["jax", jax]]));
  assertEquals(row.absent, { jax: "it cannot add" });
});
