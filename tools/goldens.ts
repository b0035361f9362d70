/**
 * Writes `tests/goldens/<operator>.json`: what PyTorch computes for the samples of each built-in operator,
 * and its gradients. Run it after a sample or an operator was added; whoever only uses the library needs
 * neither it nor PyTorch.
 *
 * `deno task goldens`, or `deno task goldens NAME…` for some operators. The Python that has PyTorch is
 * `/usr/bin/python3` (Debian's python3-torch), or what the environment variable `PYTHON` names.
 *
 * @module
 */
import { BUILTIN_OPERATORS } from "../ops/mod.ts";
import {
  type GoldenCall,
  goldenCalls,
  GOLDENS,
} from "../tests/goldens/golden_calls.ts";

interface Answer {
  readonly source: string;
  readonly results: readonly (GoldenCall & { readonly operator: string })[];
}

async function ask(names: readonly string[]): Promise<Answer> {
  const calls = names.flatMap(goldenCalls);
  const child = new Deno.Command(Deno.env.get("PYTHON") ?? "/usr/bin/python3", {
    args: [new URL("goldens.py", import.meta.url).pathname],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(calls)));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) Deno.exit(1);
  return JSON.parse(new TextDecoder().decode(stdout));
}

const names = Deno.args.length > 0 ? Deno.args : [...BUILTIN_OPERATORS.keys()];
const { source, results } = await ask(names);
for (
  const [operator, calls] of Map.groupBy(results, ({ operator }) => operator)
) {
  const lines = calls.map((
    { inputs, attributes, shape, elements, gradients },
  ) => JSON.stringify({ inputs, attributes, shape, elements, gradients }));
  await Deno.writeTextFile(
    new URL(`${operator}.json`, GOLDENS),
    `{"operator":"${operator}","source":"${source}","calls":[\n${
      lines.join(",\n")
    }\n]}\n`,
  );
}
