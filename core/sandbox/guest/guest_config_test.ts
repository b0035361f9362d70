import { assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import type { Json } from "../../base/mod.ts";
import { PluginError } from "../../errors.ts";
import { settle } from "../../events/manual_clock_test.ts";
import { GuestConfig } from "./guest_config.ts";

/** A config whose changes are written to `log`. */
function logging(
  given: readonly (readonly [string, Json])[],
  log: unknown[] = [],
): GuestConfig {
  return new GuestConfig({ pluginId: "a", given }, {
    set: (key, value) => void log.push(["set", key, value]),
    unset: (key) => void log.push(["unset", key]),
    failed: (error) => void log.push(["failed", String(error)]),
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
  const config = new GuestConfig({ pluginId: "a", given: [] }, {
    set: () => {
      throw new TypeError("Not plain");
    },
    unset: () => {},
    failed: () => {},
  });
  assertThrows(() => config.set("a", 1), TypeError);
  assertEquals(config.get("a"), undefined);
});

Deno.test("GuestConfig tells those who watch, and takes failures to the log", async () => {
  const log: unknown[] = [];
  const config = logging([["a", 1]], log);
  const heard: unknown[] = [];
  const watch = config.watch("a", (value) => void heard.push(value));
  config.watch("a", () => Promise.reject(new TypeError("no")));
  config.set("a", 2);
  config.set("b", 2);
  config.unset("a");
  watch.dispose();
  config.set("a", 3);
  assertEquals(heard, [2, 1]);
  await settle();
  const failures = log.filter((line) =>
    Array.isArray(line) && line[0] === "failed"
  );
  assertEquals(failures[0], ["failed", "TypeError: no"]);
});

Deno.test("GuestConfig holds settings against the plugin's schema, inside the sandbox", () => {
  const schema = z.object({ rate: z.number().default(0.5) });
  const sink = { set: () => {}, unset: () => {}, failed: () => {} };
  const config = new GuestConfig({ pluginId: "a", given: [], schema }, sink);
  assertEquals(config.get("rate"), 0.5);
  const refused = assertThrows(() => config.set("rate", "x"), PluginError);
  assertEquals([refused.code, config.get("rate")], ["CONFIG_INVALID", 0.5]);
  const given = [["rate", "x"]] as const;
  assertThrows(
    () => new GuestConfig({ pluginId: "a", given, schema }, sink),
    PluginError,
    "rate",
  );
});

Deno.test("GuestConfig says that other plugins' settings stay with the host", () => {
  const config = logging([]);
  for (const use of [() => config.of("b"), () => config.shared]) {
    assertEquals(assertThrows(use, PluginError).code, "UNAVAILABLE_IN_SANDBOX");
  }
});
