/**
 * Three operators of one's own: a product, a normalization and a weighted sum. Each is an ordinary
 * function of tensors, so it has a gradient and runs on every backend there is, which is shown.
 *
 * Permissions: none. `deno run examples/custom_operator_demo.ts`
 *
 * @module
 */
import {
  type BackendName,
  createEcosystem,
  defineOperator,
  definePlugin,
  gradients,
  isCoded,
  opcheck,
  type Operator,
  OperatorBuilder,
  type OperatorRegistry,
  printOpcheck,
  type Tensor,
  tensor,
  terminal,
} from "@spiraltorch/spiraltorch";

/** Writes one line. */
type Print = (line: string) => void;

/** `x · x`, by the builder, said to be made for a backend that nobody has. */
const square: Operator = new OperatorBuilder("custom:square", 1, 1)
  .withDescription("x · x")
  .withBackend("CUDA")
  .withBackend("CPU")
  .withForward(([x]) => x!.mul(x!))
  .build();

/** `x / max(‖x‖, 1e-8)`. */
const normalize: Operator = defineOperator({
  name: "custom:normalize",
  description: "x / max(‖x‖, 1e-8)",
  inputs: ["x"],
  forward: ([x]) => x!.div(x!.mul(x!).sum().sqrt().maximum(1e-8)),
});

/** `0.7 a + 0.3 b`, with a gradient by hand. */
const weighted: Operator = defineOperator({
  name: "custom:weighted",
  description: "0.7 a + 0.3 b",
  inputs: ["a", "b"],
  forward: ([a, b]) => a!.mul(0.7).add(b!.mul(0.3)),
  vjp: ({ gradient }) => [gradient.mul(0.7), gradient.mul(0.3)],
});

const OPERATORS: readonly Operator[] = [square, normalize, weighted];
const BACKENDS: readonly BackendName[] = ["reference", "wasm", "webgpu"];

/** What an operator gave on a backend. */
export interface OperatorResult {
  /** The operator's name. */
  readonly operator: string;
  /** The backend's name. */
  readonly backend: string;
  /** Elements of its output. */
  readonly values: readonly number[];
  /** Elements of the gradient of the output's product with `[[4, 3], [2, 1]]`, as to its first input. */
  readonly slope: readonly number[];
}

const plugin = definePlugin({
  metadata: {
    id: "custom_operators",
    version: "1.0.0",
    capabilities: ["Operators"],
  },
  onLoad({ operators }) {
    for (const operator of OPERATORS) operators.register(operator);
  },
});

/** Inputs of an operator: as many as it takes of `[[1, 2], [3, 4]]` and `[[4, 3], [2, 1]]`. */
function inputsOf({ schema }: Operator): Tensor[] {
  return [tensor([[1, 2], [3, 4]]), tensor([[4, 3], [2, 1]])]
    .slice(0, schema.inputs.length);
}

/** Tells who could run what, and why not elsewhere. */
function explain(operators: OperatorRegistry, print: Print): void {
  for (const label of ["CPU", "WGPU", "CUDA"]) {
    const names = operators.findByBackend(label).map(({ name }) => name)
      .filter((name) => name.startsWith("custom:"));
    print(`  for ${label}: ${names.join(", ") || "none"}`);
  }
  const { chosen, rejected } = operators.explainDispatch(
    square.name,
    inputsOf(square),
    "CUDA",
  );
  print(`  ${square.name}, wanted on CUDA: ${chosen?.backend} runs it`);
  for (const { backend, reason, detail } of rejected) {
    print(`    not ${backend}: ${reason}, ${detail}`);
  }
}

/** Calls the operators by name, with gradients. */
async function compute(
  operators: OperatorRegistry,
  { backend, print }: { readonly backend: string; readonly print: Print },
): Promise<OperatorResult[]> {
  const results: OperatorResult[] = [];
  for (const operator of OPERATORS) {
    const inputs = inputsOf(operator);
    const [output] = operators.execute(operator.name, inputs);
    const [gradient] = gradients(
      output!.mul(tensor([[4, 3], [2, 1]])).sum(),
      inputs,
    );
    const values = [...await output!.data()];
    const slope = [...await gradient!.data()];
    print(`  ${operator.name}: ${textOf(values)}; slope ${textOf(slope)}`);
    results.push({ operator: operator.name, backend, values, slope });
  }
  return results;
}

function textOf(values: readonly number[]): string {
  return values.map((value) => Number(value.toFixed(6))).join(" ");
}

/** Computes on one backend, if this machine has it. */
async function computeOn(
  backend: BackendName,
  print: Print,
): Promise<OperatorResult[]> {
  try {
    await using ecosystem = await createEcosystem({ backend });
    await ecosystem.plugins.register(plugin);
    print(`On ${ecosystem.backend.name}`);
    return await compute(ecosystem.operators, { backend, print });
  } catch (error) {
    if (!isCoded(error) || error.code !== "BACKEND_UNAVAILABLE") throw error;
    print(`Not on ${backend}: ${error.details.reason}`);
    return [];
  }
}

/**
 * Runs the program.
 *
 * @param print Writes one line.
 * @returns What each operator gave on each backend of this machine.
 */
export async function runCustomOperatorDemo(
  print: Print,
): Promise<readonly OperatorResult[]> {
  const results: OperatorResult[] = [];
  for (const backend of BACKENDS) {
    results.push(...await computeOn(backend, print));
  }

  print("Where they run");
  await using ecosystem = await createEcosystem();
  await ecosystem.plugins.register(plugin);
  explain(ecosystem.operators, print);

  print("Whether they keep what an operator promises");
  for (const operator of OPERATORS) {
    const samples = [{ inputs: inputsOf(operator).map(({ shape }) => shape) }];
    const report = await opcheck(operator, samples);
    for (const line of printOpcheck(report).split("\n")) print(`  ${line}`);
  }
  return results;
}

if (import.meta.main) {
  const out = terminal();
  await runCustomOperatorDemo((line) => out.write(`${line}\n`));
}
