import { assertEquals } from "@std/assert";
import { runPluginSystemDemo } from "./plugin_system_demo.ts";

Deno.test("runPluginSystemDemo() loads three plugins in order, tells them what happens, and ends them in reverse", async () => {
  const lines: string[] = [];
  const unloaded = await runPluginSystemDemo((line) => void lines.push(line));
  assertEquals(unloaded, [
    "visualization_plugin",
    "telemetry_plugin",
    "custom_operator_plugin",
  ]);
  // The whole of it: telemetry hears SystemInit once, its own start, and nothing after its own end.
  assertEquals(lines, [
    "Loading, in the order of who needs whom",
    "  telemetry: PluginLoaded telemetry_plugin",
    "  telemetry: PluginLoaded visualization_plugin",
    "  custom_operator_plugin 1.0.0",
    "  telemetry_plugin 1.0.0",
    "  visualization_plugin 1.0.0",
    "Who can do what",
    "  Telemetry: telemetry_plugin",
    "  Operators: custom_operator_plugin",
    "  Visualization: visualization_plugin",
    "The system starts",
    "  telemetry: SystemInit",
    "Two operations",
    "  operators: custom:shifted [3] -> [3]",
    "  telemetry: TensorOp",
    "  operators: mul [3] -> [3]",
    "  telemetry: TensorOp",
    "Two epochs",
    "  telemetry: EpochStart",
    "  loss: ################## 0.453",
    "  telemetry: EpochEnd",
    "  telemetry: EpochStart",
    "  loss: ############# 0.321",
    "  telemetry: EpochEnd",
    "The system ends",
    "  telemetry: SystemShutdown",
    "  telemetry: PluginUnloaded visualization_plugin",
    "  telemetry: 2 operations, 2 epochs",
    "Unloaded: visualization_plugin, telemetry_plugin, custom_operator_plugin",
  ]);
});
