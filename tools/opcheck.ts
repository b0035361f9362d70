/**
 * Checks built-in operators on every backend that this machine has, and prints what fails.
 *
 * `deno task opcheck`, or `deno task opcheck NAME…` to see the whole report on some operators.
 *
 * @module
 */
import { BUILTIN_OPERATORS, opcheck, printOpcheck } from "../ops/mod.ts";

const names = Deno.args.length > 0 ? Deno.args : [...BUILTIN_OPERATORS.keys()];
let failures = 0;
for (const name of names) {
  const operator = BUILTIN_OPERATORS.get(name);
  if (!operator) throw new Error(`no built-in operator is called "${name}"`);
  const report = await opcheck(operator);
  if (!report.ok) failures++;
  const text = printOpcheck(report);
  const shown = report.ok && Deno.args.length === 0
    ? text.split("\n")[0]!
    : text;
  await Deno.stdout.write(new TextEncoder().encode(`${shown}\n`));
}
if (failures > 0) Deno.exit(1);
