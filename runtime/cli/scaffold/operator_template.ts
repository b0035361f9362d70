import type { PluginTemplate } from "./template.ts";

/** A plugin that brings an operator. */
export const OPERATOR_TEMPLATE: PluginTemplate = {
  description: "an operator, with its gradient",
  module: ({ id, contribution, variable }) =>
    `/**
 * A plugin that brings one operator. In a sandbox its function is recorded once; what reaches the host is
 * a graph, so it is fused, differentiated and as fast as a built-in one.
 *
 * @module
 */
import {
  type CallableOperator,
  defineOperator,
  definePlugin,
  type Plugin,
} from "@spiraltorch/spiraltorch/plugin";

/** \`x / (1 + exp(-x))\`. */
export const ${variable}: CallableOperator = defineOperator({
  name: "${contribution}",
  description: "x times the logistic function of x.",
  inputs: ["x"],
  forward: ([x]) => x!.mul(x!.sigmoid()),
});

const plugin: Plugin = definePlugin({
  metadata: {
    id: "${id}",
    version: "0.1.0",
    description: "Brings the operator ${contribution}.",
    capabilities: ["Operators"],
  },
  onLoad(context) {
    context.operators.register(${variable});
  },
});

export default plugin;
`,
  test: ({ id, contribution, variable }) =>
    `import { assert, assertAlmostEquals } from "@std/assert";
import {
  createEcosystem,
  opcheck,
  printOpcheck,
  tensor,
} from "@spiraltorch/spiraltorch";
import { ${variable} } from "./mod.ts";

Deno.test("${contribution} keeps what an operator promises", async () => {
  // Schema, inference, gradients of both orders, every backend, text and back.
  const report = await opcheck(${variable}, [{ inputs: [[2, 3]] }]);
  assert(report.ok, printOpcheck(report));
});

Deno.test("${id} brings its operator out of the sandbox", async () => {
  await using ecosystem = await createEcosystem();
  await ecosystem.loader.load(import.meta.resolve("./mod.ts"));
  const x = tensor([0, 1]);
  const [y] = ecosystem.operators.execute("${contribution}", [x]);
  const [zero, one] = await y!.data();
  assertAlmostEquals(zero!, 0, 1e-6);
  assertAlmostEquals(one!, 0.7310586, 1e-6);
});
`,
};
