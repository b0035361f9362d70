import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import type { Json } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import type { PluginContext } from "./context.ts";
import {
  contexts,
  dependent,
  fixture,
  plugin,
} from "./registry_fixture_test.ts";

function code(run: () => unknown): string {
  return assertThrows(run, PluginError).code;
}

Deno.test("config lays what the plugin sets over what the host gave", async () => {
  const { registry } = fixture();
  let config: PluginContext["config"] | undefined;
  const configured = plugin("a", {
    onLoad: (context) => void (config = context.config),
  });
  const host = { rate: 0.1, list: [1, { n: 2 }] };
  await registry.register(configured, { config: host });
  host.rate = 9;
  assertEquals(config!.get("rate"), 0.1);
  const given: { n: number }[] = [{ n: 1 }];
  config!.set("rate", given);
  given[0]!.n = 9;
  assertEquals(config!.get("rate"), [{ n: 1 }]);
  assert(
    Object.isFrozen(config!.get("rate")) &&
      Object.isFrozen(config!.get("list")),
  );
  config!.set("z.a", 1);
  config!.set("z.b", null);
  config!.set("rate", 0.2);
  assertEquals(config!.list(), [["list", [1, { n: 2 }]], ["rate", 0.2], [
    "z.a",
    1,
  ], ["z.b", null]]);
  assertEquals(config!.clear("z."), ["z.a", "z.b"]);
  assertEquals([
    config!.unset("rate"),
    config!.unset("rate"),
    config!.get("rate"),
  ], [true, false, 0.1]);
  assertEquals(registry.get("a")!.contributions(), []);
  config!.set("rate", 0.3);

  // The host's layer outlives the plugin, its own does not.
  await registry.unregister("a");
  await registry.register(configured);
  assertEquals(config!.get("rate"), 0.1);
  await registry.unregister("a");
  await registry.register(configured, { config: {} });
  assertEquals(config!.list(), []);
  await registry.unregister("a");
  await registry.register(configured);
  assertEquals(config!.list(), []);
});

Deno.test("what the host sets for a plugin that does not load is forgotten", async () => {
  const { registry } = fixture();
  const seen: unknown[] = [];
  let isBroken = true;
  const broken = plugin("a", {
    onLoad(context) {
      seen.push(context.config.get("rate"));
      if (isBroken) throw new Error("no");
    },
  });
  await registry.register(broken, { config: { rate: 1 } }).catch(() => {});
  isBroken = false;
  await registry.register(broken);
  assertEquals(seen, [1, undefined]);
});

Deno.test("config refuses what is no plain data, and names that are blank", async () => {
  const [context] = await contexts(fixture(), plugin("a"));
  const values: unknown[] = [undefined, NaN, () => {}, new Date(), 1n];
  for (const value of values) {
    assertEquals(
      code(() => context!.config.set("k", value as Json)),
      "CONFIG_INVALID",
    );
  }
  assertEquals(code(() => context!.config.set(" ", 1)), "CONFIG_INVALID");
  assertEquals(context!.config.list(), []);
  context!.config.set("__proto__", { n: 1 });
  assertEquals(context!.config.get("__proto__"), { n: 1 });
  assertEquals(context!.config.get("toString"), undefined);
});

Deno.test("the host's settings come by name", async () => {
  const { registry } = fixture();
  const list: unknown = [1];
  const config = list as Record<string, Json>;
  const refused = await registry.register(plugin("a"), { config })
    .catch((error: unknown) => error);
  assert(refused instanceof PluginError && refused.code === "CONFIG_INVALID");
});

Deno.test("two plugins may use the same keys and service names", async () => {
  const made = fixture();
  const [a, b, c] = await contexts(
    made,
    plugin("a"),
    plugin("b"),
    dependent("c", "b"),
  );
  a!.config.set("k", 1);
  assertEquals(b!.config.get("k"), undefined);
  const [ofA, ofB] = [{ of: "a" }, { of: "b" }];
  a!.services.provide("s", ofA);
  b!.services.provide("s", ofB);
  assertStrictEquals(a!.services.get("s"), ofA);
  assertStrictEquals(c!.services.get("s"), ofB);
  assertStrictEquals(c!.services.require("a/s"), ofA);
  const [d] = await contexts(made, plugin("d"));
  assertEquals(code(() => d!.services.get("s")), "SERVICE_AMBIGUOUS");
  assertEquals(d!.services.list(), ["a/s", "b/s", "core/math"]);
  assertEquals(d!.services.get("math"), { of: "host" });
  await made.registry.unregister("a");
  assertStrictEquals(d!.services.get("s"), ofB);
});

Deno.test("a service that is replaced is not taken off by its old registration", async () => {
  const made = fixture();
  const [a] = await contexts(made, plugin("a"));
  const old = a!.services.provide("s", { n: 1 });
  assertEquals(
    code(() => a!.services.provide("s", { n: 2 })),
    "SERVICE_EXISTS",
  );
  const next = a!.services.provide("s", { n: 2 }, { replace: true });
  assertEquals(made.registry.get("a")!.contributions(), ["service a/s"]);
  old[Symbol.dispose]();
  assertEquals(a!.services.get("s"), { n: 2 });
  next[Symbol.dispose]();
  assertEquals(a!.services.get("s"), undefined);
});

Deno.test("require() says what is missing or not what was expected", async () => {
  const [a] = await contexts(fixture(), plugin("a"));
  a!.services.provide("store", { n: 1 });
  const missing = assertThrows(() => a!.services.require("stroe"), PluginError);
  assertEquals([missing.code, missing.details.suggestions], [
    "SERVICE_MISSING",
    ["store"],
  ]);
  assertEquals(a!.services.require("store", (service) => "n" in service), {
    n: 1,
  });
  assertEquals(
    code(() => a!.services.require("store", () => false)),
    "SERVICE_TYPE_MISMATCH",
  );
  const cause = new TypeError("no");
  const throwing = assertThrows(() =>
    a!.services.require("store", () => {
      throw cause;
    }), PluginError);
  assertEquals([throwing.code, throwing.cause], [
    "SERVICE_TYPE_MISMATCH",
    cause,
  ]);
});

Deno.test("watchAll() tells what list() would give, after each change", async () => {
  const made = fixture();
  const [a, b] = await contexts(made, plugin("a"), plugin("b"));
  const heard: unknown[] = [];
  const own = a!.config.watchAll((entries) => void heard.push(entries));
  b!.config.of("a").watchAll((entries) => void heard.push(["b", entries]));
  a!.config.set("y", 1);
  a!.config.set("x", 2);
  a!.config.set("x", 2); // no change
  own.dispose();
  a!.config.unset("y");
  assertEquals(heard, [
    [["y", 1]],
    ["b", [["y", 1]]],
    [["x", 2], ["y", 1]],
    ["b", [["x", 2], ["y", 1]]],
    ["b", [["x", 2]]],
  ]);
});

Deno.test("services.find() tells who offers a service, in which version", async () => {
  const made = fixture();
  const [a] = await contexts(made, plugin("a"));
  const clock = { now: () => 1 };
  a!.services.provide("clock", clock, { version: "2.0.0" });
  assertEquals(a!.services.find("clock", { version: "^2.0.0" }), {
    name: "a/clock",
    version: "2.0.0",
    service: clock,
  });
  assertEquals(a!.services.find("core/math")?.name, "core/math");
  assertEquals(a!.services.find("clock", { version: "^1.0.0" }), undefined);
});
