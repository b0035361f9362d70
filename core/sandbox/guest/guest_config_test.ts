import { assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import type { Json } from "../../base/mod.ts";
import { PluginError } from "../../errors.ts";
import { settle } from "../../events/manual_clock_test.ts";
import { type ConfigSink, GuestConfig } from "./guest_config.ts";

/** Where changes go that nobody looks at. */
const NOWHERE: ConfigSink = {
  set: () => {},
  unset: () => {},
  setShared: () => {},
  unsetShared: () => {},
  failed: () => {},
};

/** A config whose changes are written to `log`. */
function logging(
  given: readonly (readonly [string, Json])[],
  log: unknown[] = [],
): GuestConfig {
  return new GuestConfig({ pluginId: "a", given, dependencies: ["base"] }, {
    set: (key, value) => void log.push(["set", key, value]),
    unset: (key) => void log.push(["unset", key]),
    setShared: (key, value) => void log.push(["setShared", key, value]),
    unsetShared: (key) => void log.push(["unsetShared", key]),
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
    ...NOWHERE,
    set: () => {
      throw new TypeError("Not plain");
    },
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
  const sink = NOWHERE;
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

Deno.test("GuestConfig knows the settings of its plugin's dependencies, and of no others", () => {
  const config = logging([]);
  const heard: unknown[] = [];
  const base = config.of("base");
  base.watch("rate", (value) => void heard.push(value));
  base.watchAll((entries) => void heard.push(entries));
  assertEquals(base.list(), []);
  config.update("base", [["rate", 1], ["list", [2]]], null);
  assertEquals([base.get("rate"), base.get("list")], [1, [2]]);
  assertEquals(Object.isFrozen(base.get("list")), true);
  config.update("base", [["rate", 1]], null);
  const all = [["list", [2]], ["rate", 1]];
  assertEquals(heard, [1, all, [["rate", 1]]]);
  config.update("other", [["rate", 9]], null);
  assertEquals(base.get("rate"), 1);
  const { code } = assertThrows(() => config.of("other"), PluginError);
  assertEquals(code, "UNAVAILABLE_IN_SANDBOX");
});

Deno.test("GuestConfig lays what the plugin has shared over what others have", () => {
  const log: unknown[] = [];
  const { shared, ...config } = spread(logging([], log));
  config.update("shared", [["theirs", 1]], null);
  const value = { n: 1 };
  shared.set("own", value);
  value.n = 2;
  assertEquals(shared.list(), [["own", { n: 1 }], ["theirs", 1]]);
  // The host refuses what belongs to somebody else, and says how it stands.
  shared.set("theirs", 2);
  assertEquals(shared.get("theirs"), 2);
  config.update("shared", [["own", { n: 1 }], ["theirs", 1]], "theirs");
  assertEquals(shared.get("theirs"), 1);
  assertEquals([shared.unset("theirs"), shared.clear("o")], [false, ["own"]]);
  config.update("shared", [["theirs", 1]], null);
  assertEquals(shared.list(), [["theirs", 1]]);
  assertEquals(log, [
    ["setShared", "own", { n: 2 }],
    ["setShared", "theirs", 2],
    ["unsetShared", "own"],
  ]);
});

function spread(
  config: GuestConfig,
): Pick<GuestConfig, "shared" | "update"> {
  return { shared: config.shared, update: config.update.bind(config) };
}
