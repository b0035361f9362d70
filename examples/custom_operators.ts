/**
 * Three operators of one's own: a product, a normalization and a weighted sum. Each is an ordinary
 * function of tensors, so it has a gradient and runs on every backend.
 *
 * Permissions: none. `deno run examples/custom_operators.ts`
 *
 * @module
 */
import {
  createEcosystem,
  defineOperator,
  definePlugin,
  gradients,
  type Operator,
  tensor,
  terminal,
} from "@spiraltorch/spiraltorch";

/** `x · x`. */
const square: Operator = defineOperator({
  name: "custom:square",
  inputs: ["x"],
  forward: ([x]) => x!.mul(x!),
});

/** `x / max(‖x‖, 1e-8)`. */
const normalize: Operator = defineOperator({
  name: "custom:normalize",
  inputs: ["x"],
  forward: ([x]) => x!.div(x!.mul(x!).sum().sqrt().maximum(1e-8)),
});

/** `0.7 a + 0.3 b`. */
const weighted: Operator = defineOperator({
  name: "custom:weighted",
  inputs: ["a", "b"],
  forward: ([a, b]) => a!.mul(0.7).add(b!.mul(0.3)),
});

/** What the program found. */
export interface CustomOperatorResults {
  /** Elements of each operator's result, by its name. */
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** The gradient of the sum of squares. */
  readonly slope: readonly number[];
  /** Which backend runs each operator, by its name. */
  readonly backends: Readonly<Record<string, string>>;
}

/**
 * Runs the program.
 *
 * @param print Writes one line.
 * @returns What it found.
 */
export async function runCustomOperators(
  print: (line: string) => void,
): Promise<CustomOperatorResults> {
  await using ecosystem = await createEcosystem();
  const { operators, plugins } = ecosystem;
  await plugins.register(definePlugin({
    metadata: {
      id: "custom_operators",
      version: "1.0.0",
      capabilities: ["Operators"],
    },
    onLoad({ operators }) {
      for (const one of [square, normalize, weighted]) operators.register(one);
    },
  }));
  const a = tensor([[1, 2], [3, 4]]);
  const b = tensor([[4, 3], [2, 1]]);
  const values: Record<string, number[]> = {};
  const backends: Record<string, string> = {};
  for (const { name } of [square, normalize, weighted]) {
    const given = name === weighted.name ? [a, b] : [a];
    const [result] = operators.execute(name, given);
    values[name] = [...await result!.data()];
    const { chosen } = operators.explainDispatch(name, given);
    backends[name] = chosen ? `${chosen.backend} via ${chosen.via}` : "none";
    print(`${name}: ${values[name].join(" ")} (${backends[name]})`);
  }
  const [result] = operators.execute("custom:square", [a]);
  const [gradient] = gradients(result!.sum(), [a]);
  const slope = [...await gradient!.data()];
  print(`slope of custom:square: ${slope.join(" ")}`);
  return { values, slope, backends };
}

if (import.meta.main) {
  const out = terminal();
  await runCustomOperators((line) => out.write(`${line}\n`));
}
