import { assertEquals, assertThrows } from "@std/assert";
import type { Json } from "../../base/mod.ts";
import { GuestConfig } from "./guest_config.ts";

/** A config whose changes are written to `log`. */
function logging(
  given: readonly (readonly [string, Json])[],
  log: unknown[] = [],
): GuestConfig {
  return new GuestConfig(given, {
    set: (key, value) => void log.push(["set", key, value]),
    unset: (key) => void log.push(["unset", key]),
  });
}

Deno.test("GuestConfig lays what the plugin sets over what the host gave", () => {
  const log: unknown[] = [];
  const config = logging([["a", 1], ["b", [2]]], log);
  config.set("a", "mine");
  config.set("c", null);
  assertEquals([config.get("a"), config.get("b"), config.get("c")], [
    "mine",
    [2],
    null,
  ]);
  assertEquals(config.list(), [["a", "mine"], ["b", [2]], ["c", null]]);
  assertEquals(config.unset("a"), true);
  assertEquals(config.unset("a"), false);
  assertEquals(config.get("a"), 1);
  assertEquals(log, [["set", "a", "mine"], ["set", "c", null], ["unset", "a"]]);
});

Deno.test("GuestConfig clears what the plugin set, by prefix, and nothing else", () => {
  const config = logging([["ui.x", 1]]);
  for (const key of ["ui.y", "net", "ui.x"]) config.set(key, true);
  assertEquals(config.clear("ui."), ["ui.x", "ui.y"]);
  assertEquals(config.list(), [["net", true], ["ui.x", 1]]);
  assertEquals(config.clear(), ["net"]);
});

Deno.test("GuestConfig hands out frozen copies", () => {
  const config = logging([["given", { deep: [1] }]]);
  const value = { list: [1] };
  config.set("own", value);
  value.list.push(2);
  assertEquals(config.get("own"), { list: [1] });
  for (const [, stored] of config.list()) {
    assertEquals(Object.isFrozen(stored), true);
    assertEquals(Object.values(stored ?? {}).every(Object.isFrozen), true);
  }
});

Deno.test("GuestConfig changes nothing that the host is not told of", () => {
  const config = new GuestConfig([], {
    set: () => {
      throw new TypeError("Not plain");
    },
    unset: () => {},
  });
  assertThrows(() => config.set("a", 1), TypeError);
  assertEquals(config.get("a"), undefined);
});
