/**
 * Checks built-in operators on every backend that this machine has, and prints what fails, the largest
 * errors, and how far the operators are from what PyTorch computes.
 *
 * `deno task opcheck`, or `deno task opcheck NAME…` to see the whole report on some operators. WebGPU
 * takes part where there is an adapter, and be it one in software.
 *
 * @module
 */
import { type BackendName, createBackend } from "../kernels/mod.ts";
import {
  BUILTIN_OPERATORS,
  opcheck,
  type OpcheckReport,
  printOpcheck,
} from "../ops/mod.ts";
import {
  compareGoldens,
  readGoldens,
} from "../tests/goldens/compare_goldens.ts";

/** Of everything that has been measured under a name, the largest error. */
class Worst {
  readonly #errors = new Map<string, { error: number; what: string }>();

  add(name: string, error: number, what: string): void {
    const known = this.#errors.get(name);
    if (known && !(error > known.error)) return;
    this.#errors.set(name, { error, what });
  }

  async print(): Promise<void> {
    for (const [name, { error, what }] of this.#errors) {
      await print(
        `largest error, ${name}: ${error.toExponential(1)} (${what})`,
      );
    }
  }
}

const worst = new Worst();

async function print(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}

async function check(name: string, isShort: boolean): Promise<OpcheckReport> {
  const operator = BUILTIN_OPERATORS.get(name);
  if (!operator) throw new Error(`no built-in operator is called "${name}"`);
  const report = await opcheck(operator);
  const text = printOpcheck(report);
  await print(report.ok && isShort ? text.split("\n")[0]! : text);
  for (const { property, worstError } of report.results) {
    if (worstError !== undefined) worst.add(property, worstError, name);
  }
  return report;
}

async function compare(names: ReadonlySet<string>): Promise<void> {
  const wanted: readonly BackendName[] = ["reference", "wasm"];
  const files = await readGoldens();
  for (const one of wanted) {
    await using backend = await createBackend(one);
    for (const [name, file] of files) {
      if (!names.has(name)) continue;
      for (const { what, gap } of await compareGoldens(file, backend)) {
        worst.add(`to PyTorch on ${one}`, gap, what);
      }
    }
  }
}

const names = new Set(
  Deno.args.length > 0 ? Deno.args : BUILTIN_OPERATORS.keys(),
);
let failures = 0;
for (const name of names) {
  const { ok } = await check(name, Deno.args.length === 0);
  if (!ok) failures++;
}
await compare(names);
await worst.print();
await print(`${names.size - failures} passed, ${failures} failed`);
if (failures > 0) Deno.exit(1);
