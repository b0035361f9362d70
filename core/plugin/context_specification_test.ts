/** The sentences of the context's specification, one test each. */
import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { type Json, OptionError } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import type { PluginContext } from "./context.ts";
import { contexts, failure, fixture, plugin } from "./registry_fixture_test.ts";

function code(run: () => unknown): string {
  return assertThrows(run, PluginError).code;
}

Deno.test("context: two plugins, same key and same service name: no clash, ambiguity reported", async () => {
  const made = fixture();
  const [a, b, c] = await contexts(
    made,
    plugin("a"),
    plugin("b"),
    plugin("c"),
  );
  a!.config.set("rate", 1);
  b!.config.set("rate", 2);
  assertEquals([a!.config.get("rate"), b!.config.get("rate")], [1, 2]);
  assertEquals(c!.config.of("a").get("rate"), 1);
  a!.services.provide("store", { of: "a" });
  b!.services.provide("store", { of: "b" });
  const error = assertThrows(() => c!.services.get("store"), PluginError);
  assertEquals([error.code, error.details.providers], [
    "SERVICE_AMBIGUOUS",
    ["a/store", "b/store"],
  ]);
});

Deno.test("context: write to another's shared key refused", async () => {
  const made = fixture();
  const [a, b] = await contexts(made, plugin("a"), plugin("b"));
  const { shared } = a!.config;
  shared.set("theme", "dark");
  assertEquals(b!.config.shared.get("theme"), "dark");
  const error = assertThrows(
    () => b!.config.shared.set("theme", "light"),
    PluginError,
  );
  assertEquals([error.code, error.details.owner], ["CONFIG_OWNED", "a"]);
  assertEquals(code(() => b!.config.shared.unset("theme")), "CONFIG_OWNED");
  assertEquals(b!.config.shared.clear(), []);
  shared.set("theme", "blue");
  shared.set("size", 1);
  assertEquals(b!.config.shared.list(), [["size", 1], ["theme", "blue"]]);
  assertEquals([shared.unset("size"), shared.unset("size")], [true, false]);
  await made.registry.unregister("a");
  assertEquals(b!.config.shared.list(), []);
  b!.config.shared.set("theme", "light");
  assertEquals(b!.config.shared.get("theme"), "light");
});

Deno.test("context: mutation of a config value after set or get has no effect", async () => {
  const [a] = await contexts(fixture(), plugin("a"));
  for (const config of [a!.config, a!.config.shared]) {
    const value = { list: [1] };
    config.set("k", value);
    value.list.push(2);
    const read = config.get("k") as { list: number[] };
    assertThrows(() => read.list.push(3), TypeError);
    assertEquals(config.get("k"), { list: [1] });
  }
});

Deno.test("context: __proto__ as a key is plain data", async () => {
  const [a] = await contexts(fixture(), plugin("a"));
  for (const config of [a!.config, a!.config.shared]) {
    config.set("__proto__", { evil: 1 });
    assertEquals(config.get("__proto__"), { evil: 1 });
    assertEquals(config.list(), [["__proto__", { evil: 1 }]]);
    assertEquals(Reflect.get({}, "evil"), undefined);
  }
});

Deno.test("context: replace then dispose the old registration", async () => {
  const [a] = await contexts(fixture(), plugin("a"));
  const old = a!.services.provide("s", { n: 1 });
  a!.services.provide("s", { n: 2 }, { replace: true });
  old[Symbol.dispose]();
  assertEquals(a!.services.get("s"), { n: 2 });
});

Deno.test("context: watch order over provide, replace, unload", async () => {
  const made = fixture();
  const [a, b] = await contexts(made, plugin("a"), plugin("b"));
  const heard: unknown[] = [];
  b!.services.watch("a/s", (service) => void heard.push(["full", service]));
  b!.services.watch("s", (service) => void heard.push(["bare", service]));
  a!.services.provide("s", { n: 1 });
  a!.services.provide("s", { n: 2 }, { replace: true });
  await made.registry.unregister("a");
  const want = [{ n: 1 }, { n: 2 }, undefined];
  assertEquals(
    heard,
    want.flatMap((service) => [["full", service], ["bare", service]]),
  );
});

Deno.test("context: reverse disposal order over mixed kinds", async () => {
  const made = fixture();
  const [a, b] = await contexts(made, plugin("a"), plugin("b"));
  const order: string[] = [];
  b!.config.of("a").watch("k", (value) => void order.push(`config ${value}`));
  b!.config.shared.watch("k", (value) => void order.push(`shared ${value}`));
  b!.services.watch("a/s", (value) => void order.push(`service ${value}`));
  a!.onDispose(() => void order.push("first"));
  a!.config.set("k", 1);
  a!.services.provide("s", { toString: () => "s" });
  a!.config.shared.set("k", 2);
  a!.use({ [Symbol.dispose]: () => void order.push("last") });
  order.length = 0;
  await made.registry.unregister("a");
  assertEquals(order, [
    "last",
    "shared undefined",
    "service undefined",
    "config undefined",
    "first",
  ]);
});

Deno.test("context: early-disposed things not disposed twice", async () => {
  const made = fixture();
  const [a] = await contexts(made, plugin("a"));
  let operators = 0;
  const point = made.entries;
  const operator = a!.operators.register({ name: "x" });
  operators = point.size;
  operator[Symbol.dispose]();
  const again = a!.operators.register({ name: "x" });
  operator[Symbol.dispose](); // the new one stays
  assertEquals([operators, point.size], [1, 1]);
  const watch = a!.config.watch("k", () => {});
  watch.dispose();
  watch.dispose();
  again[Symbol.dispose]();
  assertEquals(made.registry.get("a")!.contributions(), []);
  await made.registry.unregister("a");
  assertEquals(made.log, []);
});

Deno.test("context: context used after unload", async () => {
  const made = fixture();
  const [a] = await contexts(made, plugin("a"));
  const { config, services } = a!;
  const { shared } = config;
  const other = config.of("b");
  await made.registry.unregister("a");
  for (
    const use of [
      () => config.of("b"),
      () => config.watch("k", () => {}),
      () => shared.get("k"),
      () => shared.set("k", 1),
      () => shared.unset("k"),
      () => shared.clear(),
      () => shared.list(),
      () => other.get("k"),
      () => other.list(),
      () => other.watch("k", () => {}),
      () => services.keep("s"),
      () => services.watch("s", () => {}),
    ]
  ) assertEquals(code(use), "CONTEXT_DISPOSED");
});

Deno.test("context: a guard that throws", async () => {
  const [a] = await contexts(fixture(), plugin("a"));
  const cause = new RangeError("no");
  a!.services.provide("s", {});
  const error = assertThrows(() =>
    a!.services.require("s", () => {
      throw cause;
    }), PluginError);
  assertEquals(error.code, "SERVICE_TYPE_MISMATCH");
  assertStrictEquals(error.cause, cause);
});

Deno.test("config.watch() tells each change after it, in order, and isolates failures", async () => {
  const made = fixture();
  const [a, b] = await contexts(made, plugin("a"), plugin("b"));
  const heard: (Json | undefined)[] = [];
  a!.config.watch("k", (value) => {
    assertEquals(a!.config.get("k"), value);
    if (value === 1) a!.config.set("k", 2);
    throw new Error("no");
  });
  const of = b!.config.of("a");
  of.watch("k", (value) => void heard.push(value));
  a!.config.set("k", 1);
  a!.config.set("k", 2); // no change
  a!.config.unset("k");
  // A change made on the way waits until the one before has been told.
  assertEquals(heard, [1, 2, undefined]);
  assertEquals(
    made.heard.filter((line) => line.startsWith("PluginError")).length,
    3,
  );
  a!.config.watch("loop", (value) => a!.config.set("loop", Number(value) + 1));
  a!.config.set("loop", 0);
  assertEquals(a!.config.get("loop"), 63);
  assertEquals(made.heard.at(-1), "PluginError a watch EVENT_LOOP");
});

Deno.test("config.of() follows a plugin that comes and goes", async () => {
  const made = fixture();
  const [a] = await contexts(made, plugin("a"));
  const other = a!.config.of("b");
  const heard: unknown[] = [];
  other.watch("rate", (value) => void heard.push(value));
  assertEquals([other.get("rate"), other.list()], [undefined, []]);
  await made.registry.register(plugin("b"), { config: { rate: 0.1 } });
  assertEquals(other.list(), [["rate", 0.1]]);
  await made.registry.unregister("b");
  assertEquals([heard, other.list()], [[0.1, undefined], []]);
  const set = [
    plugin("b", {
      onLoad() {
        throw new Error("no");
      },
    }),
    plugin("c"),
  ];
  await failure(made.registry.registerAll([
    { plugin: set[0]! },
    { plugin: set[1]!, config: { rate: 1 } },
  ]));
  assertEquals(a!.config.of("c").list(), []);
});

Deno.test("configSchema fills in defaults and refuses what it does not know", async () => {
  const made = fixture();
  const configSchema = z.object({
    rate: z.number().positive().default(0.5),
    name: z.string().optional(),
  });
  let context: PluginContext | undefined;
  const a = plugin("a", {
    configSchema,
    onLoad: (ctx) => void (context = ctx),
  });
  const refused = await failure(
    made.registry.register(a, { config: { rate: -1, name: 3 } }),
  );
  assertEquals(refused.code, "CONFIG_INVALID");
  const { issues } = refused.details as { issues: { path: string }[] };
  assertEquals(issues.map(({ path }) => path), ["rate", "name"]);
  const unknown = await failure(
    made.registry.register(a, { config: { raet: 1 } }),
  );
  assertEquals(unknown.message.includes('did you mean "rate"'), true);
  await made.registry.register(a);
  const { config } = context!;
  assertEquals(config.get("rate"), 0.5);
  assertEquals(code(() => config.set("rate", "x")), "CONFIG_INVALID");
  assertEquals(code(() => config.set("nmae", "x")), "CONFIG_INVALID");
  assertEquals(made.registry.get("a")!.contributions(), []);
  config.set("rate", 2);
  assertEquals([config.get("rate"), config.unset("rate")], [2, true]);
  assertEquals(config.list(), [["rate", 0.5]]);
  const broken = plugin("b", { configSchema: {} as typeof configSchema });
  await made.registry.register(broken).then(
    () => assertEquals("registered", "refused"),
    (error) => assertEquals(error.code, "INVALID_OPTION"),
  );
});

Deno.test("configSchema may not take back what other settings need", async () => {
  const made = fixture();
  const configSchema = z.object({ low: z.number(), high: z.number() }).partial()
    .refine(({ low, high }) => high === undefined || low !== undefined, {
      message: "high needs low",
    });
  const [a] = await contexts(made, plugin("a", { configSchema }));
  a!.config.set("low", 1);
  a!.config.set("high", 2);
  assertEquals(code(() => a!.config.unset("low")), "CONFIG_INVALID");
  assertEquals(a!.config.list(), [["high", 2], ["low", 1]]);
  assertEquals(a!.config.clear(), ["high", "low"]);
  a!.config.set("low", 1);
  await made.registry.unregister("a");
  assertEquals(made.log, []);
});

Deno.test("services have the version of their plugin or their own", async () => {
  const made = fixture();
  const [a, b, c] = await contexts(
    made,
    plugin("a", { metadata: { version: "1.2.0" } }),
    plugin("b"),
    plugin("c"),
  );
  a!.services.provide("s", { of: "a" });
  b!.services.provide("s", { of: "b" }, { version: "2.0.0" });
  assertEquals(c!.services.get("s", { version: "^2" }), { of: "b" });
  assertEquals(c!.services.get("s", { version: "^1" }), { of: "a" });
  assertEquals(c!.services.get("a/s", { version: "^2" }), undefined);
  const error = assertThrows(
    () => c!.services.require("a/s", undefined, { version: "^2" }),
    PluginError,
  );
  assertEquals([error.code, error.details], ["SERVICE_VERSION", {
    name: "a/s",
    wanted: "^2",
    found: "1.2.0",
  }]);
  for (
    const use of [
      () => c!.services.get("s", { version: "not a range" }),
      () => c!.services.provide("s", {}, { version: "one" }),
    ]
  ) assertThrows(use, OptionError, "ersion");
});

Deno.test("services.keep() follows replacements and ends with its provider", async () => {
  const made = fixture();
  class Counter {
    #count = 0;
    step = 1;
    add(): number {
      return this.#count += this.step;
    }
  }
  const [a, b] = await contexts(made, plugin("a"), plugin("b"));
  assertEquals(code(() => b!.services.keep("counter")), "SERVICE_MISSING");
  a!.services.provide("counter", new Counter());
  a!.services.provide("double", (n: number) => 2 * n);
  const counter = b!.services.keep<Counter>("counter");
  const double = b!.services.keep<(n: number) => number>("double");
  const { add } = counter;
  assertEquals([counter.add(), add(), double(4)], [1, 2, 8]);
  counter.step = 10;
  assertEquals(
    [counter.add(), "step" in counter, counter instanceof Counter],
    [12, true, true],
  );
  a!.services.provide("counter", new Counter(), { replace: true });
  assertEquals([counter.add(), add()], [1, 2]);
  await made.registry.unregister("a");
  for (
    const use of [
      () => counter.add(),
      () => add(),
      () => counter.step,
      () => counter.step = 1,
      () => "step" in counter,
      () => double(4),
    ]
  ) assertEquals(code(use), "SERVICE_REVOKED");
});
