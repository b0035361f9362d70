import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runTrainingPlugins } from "./training_plugins.ts";

Deno.test("example: ecosystem", async () => {
  const lines: string[] = [];
  const { losses, isSame, yaml } = await runTrainingPlugins((line) =>
    void lines.push(line)
  );
  const types = lines.filter((line) => line.startsWith("ModuleRegistered"));
  assertEquals(types.length, 2);
  assertStringIncludes(types[0]!, '"moduleType":"custom:swish"');
  assertStringIncludes(types[1]!, '"owner":"custom_optimizer_plugin"');
  assertEquals(lines.at(-1), `CustomMetrics: ${JSON.stringify(losses)}`);
  assert(losses.length === 2 && losses[1]! < losses[0]!, losses.join(" "));
  assertStringIncludes(yaml, "custom:swish");
  assert(isSame);
});
