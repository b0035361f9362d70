import { assertEquals, assertThrows } from "@std/assert";
import { PluginError } from "../errors.ts";
import type { PluginEvent } from "../events/event.ts";
import { parseEvent } from "./parse_event.ts";

const EVENTS: readonly PluginEvent[] = [
  { kind: "SystemInit" },
  { kind: "SystemShutdown" },
  { kind: "PluginLoaded", pluginId: "a" },
  { kind: "PluginUnloaded", pluginId: "a" },
  { kind: "PluginReloaded", pluginId: "a", from: "1.0.0", to: "1.1.0" },
  { kind: "PluginError", phase: "onLoad", code: "X", message: "m" },
  {
    kind: "TensorOp",
    opName: "add",
    inputShape: [1],
    outputShape: [1],
    inputShapes: [[1], [1]],
    outputShapes: [[1]],
  },
  { kind: "EpochStart", epoch: 1 },
  { kind: "EpochEnd", epoch: 1, loss: NaN },
  { kind: "BackendChanged", backend: "wasm", previous: undefined },
  { kind: "Telemetry", data: { loss: Infinity } },
  { kind: "Custom", eventType: "acme.x", data: { any: ["thing"] } },
];

Deno.test.each(EVENTS)("parseEvent() reads $kind", (event) => {
  assertEquals(parseEvent(event), event);
});

Deno.test.each<{ name: string; value: unknown }>([
  { name: "no object", value: 5 },
  { name: "an unknown kind", value: { kind: "Evil" } },
  {
    name: "a loss that is no number",
    value: { kind: "EpochEnd", epoch: 1, loss: "1" },
  },
  { name: "a custom event without a type", value: { kind: "Custom", data: 1 } },
  {
    name: "telemetry that is no numbers",
    value: { kind: "Telemetry", data: { a: {} } },
  },
])("parseEvent() refuses $name", ({ value }) => {
  const error = assertThrows(() => parseEvent(value), PluginError, "an event");
  assertEquals(error.code, "MESSAGE_INVALID");
});
