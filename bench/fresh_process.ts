/**
 * What a fresh process does: loads one library, multiplies two matrices, prints an element and ends.
 *
 * @module
 */
import { loadContestant } from "./contestants/load.ts";
import { formulaInputs } from "./inputs.ts";
import type { FormulaWorkload } from "./workload.ts";

const INPUT = { shape: [64, 64], bound: 1 };
const PRODUCT: FormulaWorkload = {
  kind: "formula",
  name: "matmul",
  inputs: [INPUT, INPUT],
  steps: [{ op: "matmul", left: 0, right: 1 }],
  repeats: 1,
  work: { kind: "time", unit: "ms", parts: 1 },
};

async function compute(
  name: Parameters<typeof loadContestant>[0],
): Promise<number> {
  const contestant = await loadContestant(name, { threads: 1 });
  const prepared = await contestant.prepare(PRODUCT, formulaInputs(PRODUCT, 1));
  await prepared.run();
  return (await prepared.read())[0]!;
}

function print(value: number): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${value}\n`));
}

const name = Deno.args[0];
switch (name) {
  case "jax":
  case "litert":
  case "ort":
  case "ours":
  case "tfjs":
    print(await compute(name));
    break;
  case "nothing":
    print(0);
    break;
  default:
    throw new TypeError(`Cannot start: found "${name}", wanted a contestant`);
}
// Some leave workers behind that would keep the process.
Deno.exit();
