import { assert, assertEquals } from "@std/assert";
import { runPluginSystem } from "./plugin_system.ts";

Deno.test("example: plugin system", async () => {
  const lines: string[] = [];
  const unloaded = await runPluginSystem((line) => void lines.push(line));
  assertEquals(unloaded, [
    "visualization_plugin",
    "telemetry_plugin",
    "custom_operator_plugin",
  ]);
  for (
    const line of [
      "loaded: custom_operator_plugin, telemetry_plugin, visualization_plugin",
      "Telemetry: telemetry_plugin",
      "Operators: custom_operator_plugin",
      "Visualization: visualization_plugin",
      "operators: custom:shifted",
      "operators: mul",
      "loss: ################## 0.453",
      "loss: ############# 0.321",
      "telemetry: 2 operations, 2 epochs",
    ]
  ) assert(lines.includes(line), `${line} is not in\n${lines.join("\n")}`);
  const heard = lines.filter((line) => line === "telemetry: SystemInit");
  assertEquals(heard.length, 1);
  // It says nothing after its own end, and hears nothing of it.
  const own = lines.filter((line) => line.startsWith("telemetry:"));
  assertEquals(own.at(-1), "telemetry: 2 operations, 2 epochs");
  assertEquals(own.filter((line) => line.includes("PluginUnloaded")).length, 1);
});
