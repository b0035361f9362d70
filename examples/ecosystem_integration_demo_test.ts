import { assert, assertEquals } from "@std/assert";
import { runEcosystemIntegrationDemo } from "./ecosystem_integration_demo.ts";

Deno.test("runEcosystemIntegrationDemo() trains a model of plugins and makes it again from YAML", async () => {
  const lines: string[] = [];
  const { losses, difference, yaml } = await runEcosystemIntegrationDemo(
    (line) => void lines.push(line),
  );
  assert(losses.length === 2 && losses[1]! < losses[0]!, losses.join(" "));
  assertEquals(difference, 0);
  assertEquals(yaml.match(/type: .*/g), [
    "type: linear",
    "type: 'custom:swish'",
    "type: linear",
  ]);
  assertEquals(lines.filter((line) => line.startsWith("  monitor: ")), [
    '  monitor: ModuleRegistered {"moduleType":"custom:swish","category":"Activation","owner":"custom_layer_plugin"}',
    '  monitor: ModuleRegistered {"moduleType":"custom:sign_descent","category":"Optimizer","owner":"custom_optimizer_plugin"}',
    `  monitor: epoch 1, loss ${losses[0]!.toFixed(4)}`,
    `  monitor: epoch 2, loss ${losses[1]!.toFixed(4)}`,
    `  monitor: CustomMetrics {"improvement":${
      Number((losses[0]! - losses[1]!).toFixed(4))
    }}`,
    '  monitor: ModuleUnregistered {"moduleType":"custom:sign_descent","category":"Optimizer","owner":"custom_optimizer_plugin"}',
    '  monitor: ModuleUnregistered {"moduleType":"custom:swish","category":"Activation","owner":"custom_layer_plugin"}',
  ]);
  assert(lines.includes("  0.linear.weight [10,20]"), lines.join("\n"));
});
