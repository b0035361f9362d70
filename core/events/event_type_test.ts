import { assertEquals } from "@std/assert";
import type { PluginEvent } from "./event.ts";
import {
  downcast,
  EVENT_KINDS,
  eventTypeOf,
  isLifecycleType,
} from "./event_type.ts";

const STEP: PluginEvent = { kind: "Custom", eventType: "step", data: 7 };
const METRICS: PluginEvent = { kind: "Telemetry", data: { loss: 0.5 } };

Deno.test("eventTypeOf() is the kind, or a custom event's own type", () => {
  assertEquals(eventTypeOf(METRICS), "Telemetry");
  assertEquals(eventTypeOf(STEP), "step");
});

Deno.test("downcast() reads the payload of the type expected only", () => {
  assertEquals(downcast(STEP, "step"), 7);
  assertEquals(downcast(STEP, "Custom"), undefined);
  assertEquals(downcast(METRICS, "Telemetry"), { loss: 0.5 });
  assertEquals(downcast(METRICS, "step"), undefined);
  assertEquals(downcast({ kind: "SystemInit" }, "SystemInit"), undefined);
});

Deno.test("isLifecycleType() holds for the kinds that speak for the host", () => {
  assertEquals(EVENT_KINDS.filter(isLifecycleType), [
    "SystemInit",
    "SystemShutdown",
    "PluginLoaded",
    "PluginUnloaded",
    "PluginReloaded",
    "PluginError",
  ]);
  assertEquals(isLifecycleType("toString"), false);
});
