/**
 * An operator that is computed in the process of the plugin that brings it: the host sends its inputs
 * there and gets its output back. It takes part in graphs and gradients like any other, and ends with the
 * plugin; what is written as a function of tensors does not, because it is data.
 *
 * Permissions, the least that work:
 * - `--allow-read=examples/plugins`: the plugin's source
 * - `--allow-run`: the plugin's process, and the tools that lock it down
 *
 * `deno run --allow-read=examples/plugins --allow-run examples/remote_operator.ts`
 *
 * @module
 */
import {
  createEcosystem,
  gradients,
  isCoded,
  type OperatorRegistry,
  type Tensor,
  tensor,
  terminal,
} from "@spiraltorch/spiraltorch";

/** Writes one line. */
type Print = (line: string) => void;

/** The operator in the sandbox, and the same as a function of tensors. */
const NAMES = ["operators:remote_softsign", "operators:softsign"] as const;

function call(operators: OperatorRegistry, name: string, x: Tensor): Tensor {
  return operators.execute(name, [x])[0]!;
}

/** Computes `y` and tells it, or why not. */
async function tell(name: string, y: Tensor, print: Print): Promise<void> {
  try {
    print(`  ${name}: ${(await y.data()).join(" ")}`);
  } catch (error) {
    if (!isCoded(error)) throw error;
    print(`  ${name}: ${error.code}`);
  }
}

/**
 * Runs the program.
 *
 * @param print Writes one line.
 */
export async function runRemoteOperator(print: Print): Promise<void> {
  await using ecosystem = await createEcosystem({
    baseUrl: new URL("./plugins/", import.meta.url),
  });
  const { loader, operators } = ecosystem;
  await loader.load("./operators.ts");
  const [{ pluginId, isolation } = { pluginId: "", isolation: "" }] = loader
    .reports();
  print(`Loaded: ${pluginId} (${isolation})`);

  print("x / (1 + |x|), there and here");
  const x = tensor([-3, 0, 1]);
  for (const name of NAMES) await tell(name, call(operators, name, x), print);

  print("Its slope, with another operator around it");
  for (const name of NAMES) {
    const [slope] = gradients(call(operators, name, x.mul(2)).sum(), [x]);
    await tell(name, slope!, print);
  }

  print("Described before the plugin goes, computed after");
  const described = NAMES.map((name) => call(operators, name, x.add(1)));
  await loader.unload("./operators.ts");
  for (const [i, name] of NAMES.entries()) {
    await tell(name, described[i]!, print);
  }
}

if (import.meta.main) {
  const out = terminal();
  await runRemoteOperator((line) => out.write(`${line}\n`));
}
