import { assertEquals } from "@std/assert";
import { PluginEventBus } from "./bus.ts";

Deno.test("watchListeners() tells how it stands, and each change once", () => {
  const bus = new PluginEventBus();
  const told: boolean[] = [];
  const watch = bus.watchListeners("TensorOp", (isHeard) => told.push(isHeard));
  bus.subscribe("EpochEnd", () => {});
  assertEquals(told, [false]);
  const first = bus.subscribe("TensorOp", () => {});
  const second = bus.subscribe("*", () => {});
  first.dispose();
  assertEquals(told, [false, true]);
  second.dispose();
  assertEquals(told, [false, true, false]);
  bus.subscribe("*", () => {}, { once: true });
  bus.publish({ kind: "SystemInit" });
  assertEquals(told, [false, true, false, true, false]);
  bus.subscribe("*", () => {});
  bus.clearListeners();
  assertEquals(told.length, 7);
  watch[Symbol.dispose]();
  bus.subscribe("TensorOp", () => {});
  assertEquals(told.length, 7);
});
