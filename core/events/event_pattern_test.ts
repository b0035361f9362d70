import { assertEquals, assertThrows } from "@std/assert";
import { PluginError } from "../errors.ts";
import {
  assertSubscribable,
  isPattern,
  patternHolds,
} from "./event_pattern.ts";

Deno.test("isPattern() holds for everything and for namespaces", () => {
  for (const type of ["*", "acme.*", "acme:*", "a.b.*"]) {
    assertEquals(isPattern(type), true, type);
  }
  for (const type of ["acme", "acme.", "acme*", "TensorOp"]) {
    assertEquals(isPattern(type), false, type);
  }
});

Deno.test("patternHolds() takes what begins with the namespace and goes on", () => {
  assertEquals(patternHolds("acme.*", "acme.step"), true);
  assertEquals(patternHolds("acme.*", "acme.step.done"), true);
  assertEquals(patternHolds("acme:*", "acme:step"), true);
  for (const type of ["acme.", "acme", "acmes.step", "acme:step"]) {
    assertEquals(patternHolds("acme.*", type), false, type);
  }
});

Deno.test("assertSubscribable() refuses stars that stand for nothing", () => {
  for (const type of ["*", "step", "acme.*", "acme.train:*"]) {
    assertSubscribable(type);
  }
  for (
    const type of ["acme*", "*.step", "a.*.b", "**", "a.*.*", "Custom", " "]
  ) {
    const { code } = assertThrows(() => assertSubscribable(type), PluginError);
    assertEquals(code, "EVENT_TYPE_INVALID", type);
  }
});
