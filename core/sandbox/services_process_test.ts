// Services and settings across the border, in real processes.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import { inline, plugin as source, register, start } from "./toy_start_test.ts";
import { createToyHost, type ToyHost } from "./toy_host_test.ts";

async function codeOf(work: Promise<unknown>): Promise<string> {
  return (await assertRejects(() => work, PluginError)).code;
}

interface Math {
  add(a: number, b: number): Promise<number>;
  [method: string]: (...args: never[]) => Promise<unknown>;
}

const MATH = `class Math {
  #n = 0;
  add(a, b) { return a + b; }
  async count() { return ++this.#n; }
  fail() { throw Object.assign(new RangeError("no"), { code: "TOO_MUCH" }); }
  odd() { return () => {}; }
  _secret() { return 1; }
  hang() { return new Promise(() => {}); }
}`;

const PROVIDER = source(
  `onLoad({ services }) {
    ${MATH}
    services.provide("math", new Math(), { version: "2.1.0" });
    services.provide("twice", (x) => 2 * x);
  }`,
  "acme.math",
);

Deno.test("services: a sandboxed plugin's service is called from the host, until it is revoked", async () => {
  await using host = createToyHost();
  await using sandbox = await start(host, PROVIDER);
  await register(host, sandbox);
  const { services } = await inline(host, "acme.user");
  const math = services.require<Math>("math", undefined, { version: "^2.0.0" });
  assertEquals(await math.add(1, 2), 3);
  assertEquals([await math.count!(), await math.count!()], [1, 2]);
  const twice = services.get<(x: number) => Promise<number>>("twice")!;
  assertEquals(await twice(4), 8);
  assertEquals(await codeOf(math.fail!()), "PLUGIN_THREW");
  assertEquals(await codeOf(math.odd!()), "PLUGIN_THREW");
  const methods = ["add", "count", "fail", "hang", "odd"];
  assertEquals(Object.keys(math).sort(), methods);
  assertEquals(
    await codeOf(math.add((() => {}) as never, 1)),
    "MESSAGE_INVALID",
  );
  const hanging = codeOf(math.hang!());
  await host.registry.unregister("acme.math");
  assertEquals(await hanging, "SERVICE_REVOKED");
  assertEquals(await codeOf(math.add(1, 2)), "SERVICE_REVOKED");
  assertEquals(services.get("math"), undefined);
});

/** A plugin that publishes what a function of its context gives, or the code it fails with. */
function asking(body: string, metadata = ""): string {
  return source(
    `metadata: { id: "acme.asker", version: "1.0.0", ${metadata} },
    onLoad(context) {
      const { services, config } = context;
      const tell = (data) =>
        context.publish({ kind: "Custom", eventType: "told", data });
      const codeOf = async (work) => {
        try { await work; return "fine"; } catch (error) { return error.code; }
      };
      ${body}
    }`,
    "acme.asker",
  );
}

/** Waits for what a plugin tells next; a failure on the way is no reason to wait for ever. */
function told({ events }: ToyHost): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  events.subscribe("PluginError", (event) => {
    if (event.kind === "PluginError") reject(new Error(event.message));
  }, { once: true });
  events.subscribe("told", (event) => {
    if (event.kind === "Custom") resolve(event.data);
  }, { once: true });
  return promise;
}

Deno.test("services: a sandboxed plugin calls services of others, which may go", async () => {
  await using host = createToyHost();
  await inline(host, "acme.math", ({ services }) => {
    services.provide("math", {
      sum: (list: number[]) => list.reduce((a, b) => a + b, 0),
      fail: () => {
        throw new PluginError("TOY", "Cannot play: found no toy", {});
      },
      _secret: () => 1,
    });
  });
  await using asker = await start(
    host,
    asking(`
      const math = services.require("math", (it) => "sum" in it);
      const kept = services.keep("acme.math/math");
      context.subscribe("ask", async () => {
        tell([
          await codeOf(math.sum([1])), await codeOf(kept.sum([1])),
          services.get("math") === undefined,
        ]);
      });
      context.subscribe("begin", async () => {
        tell([
          await math.sum([1, 2, 3]), await kept.sum([-0]),
          await codeOf(math.fail()), await codeOf(math.sum(() => {})),
          Object.keys(math), typeof math, typeof math._secret,
        ]);
      });`),
  );
  await register(host, asker);
  const first = told(host);
  host.events.publish({ kind: "Custom", eventType: "begin", data: null });
  assertEquals(await first, [
    6,
    0,
    "TOY",
    "MESSAGE_INVALID",
    ["sum", "fail"],
    "object",
    "undefined",
  ]);
  await host.registry.unregister("acme.math");
  const second = told(host);
  host.events.publish({ kind: "Custom", eventType: "ask", data: null });
  assertEquals(await second, [
    "SERVICE_REVOKED",
    "SERVICE_REVOKED",
    true,
  ]);
});

Deno.test("services: a kept service is never another provider's, a watch hears of each", async () => {
  await using host = createToyHost();
  const one = await inline(host, "acme.one");
  one.services.provide("clock", { now: () => 1 });
  await using asker = await start(
    host,
    asking(`
      const clock = services.get("clock");
      services.watch("clock", async (next) => {
        tell([await codeOf(clock.now()), next ? await next.now() : "gone"]);
      });`),
  );
  await register(host, asker);
  const replaced = told(host);
  one.services.provide("clock", { now: () => 2 }, { replace: true });
  assertEquals(await replaced, ["SERVICE_REVOKED", 2]);
  const gone = told(host);
  await host.registry.unregister("acme.one");
  assertEquals(await gone, ["SERVICE_REVOKED", "gone"]);
});

Deno.test("services: one sandbox calls another", async () => {
  await using host = createToyHost();
  await using provider = await start(host, PROVIDER);
  await register(host, provider);
  await using asker = await start(
    host,
    asking(`
      const math = services.require("math", undefined, { version: "2.x" });
      const twice = services.keep("twice");
      context.subscribe("begin", async () =>
        tell([await math.add(1, 2), await twice(5), await codeOf(math.fail())])
      );`),
  );
  await register(host, asker);
  const answer = told(host);
  host.events.publish({ kind: "Custom", eventType: "begin", data: null });
  assertEquals(await answer, [3, 10, "PLUGIN_THREW"]);
});

Deno.test("services: a service of another version than must be there fails the hook that asked", async () => {
  await using host = createToyHost();
  await inline(host, "acme.clock", ({ services }) => {
    services.provide("clock", { now: () => 7 });
  });
  const ask = `services.require("clock", undefined, { version: "3.x" });`;
  await using asker = await start(host, asking(ask));
  const error = await assertRejects(() => register(host, asker), PluginError);
  assert(error.cause instanceof PluginError);
  assertEquals(error.cause.code, "SERVICE_VERSION");
});

Deno.test("services: a sandboxed plugin lists services, finds who offers one, and its guards count", async () => {
  await using host = createToyHost();
  const { services } = await inline(host, "acme.one", ({ services }) => {
    services.provide("clock", { now: () => 1, zone: "utc" }, {
      version: "2.0.0",
    });
    services.provide("twice", (x: number) => 2 * x);
  });
  await inline(host, "acme.two", ({ services }) => {
    services.provide("store", { read: () => 0 });
    services.provide("clock", { now: () => 2 });
  });
  await using asker = await start(
    host,
    asking(`
      const tried = (work) => {
        try { return work() ?? "none"; } catch (error) { return error.code; }
      };
      const offer = services.find("acme.one/clock", { version: "2.x" });
      tell([
        services.list(), offer.name, offer.version, Object.keys(offer.service),
        typeof services.get("twice"), tried(() => services.get("nothing")),
        tried(() => services.get("clock")),
        tried(() => services.require("clok")),
        tried(() => services.require("store", (it) => "write" in it)),
        tried(() => services.require("store", () => { throw new Error("no") })),
        typeof services.require("store", (it) => typeof it.read === "function"),
      ]);
      const own = services.provide("own", { a() {} });
      tell([services.list().length, services.find("own").version]);
      own[Symbol.dispose]();
      services.watchAll((names) => tell(names));`),
  );
  const heard: unknown[] = [];
  host.events.subscribe("told", (event) => {
    if (event.kind === "Custom") heard.push(event.data);
  });
  await register(host, asker);
  const all = [
    "acme.one/clock",
    "acme.one/twice",
    "acme.two/clock",
    "acme.two/store",
  ];
  assertEquals(heard[0], [
    all,
    "acme.one/clock",
    "2.0.0",
    ["now"],
    "function",
    "none",
    "SERVICE_AMBIGUOUS",
    "SERVICE_MISSING",
    "SERVICE_TYPE_MISMATCH",
    "SERVICE_TYPE_MISMATCH",
    "object",
  ]);
  assertEquals(heard[1], [5, "1.0.0"]);
  const changed = Promise.withResolvers<void>();
  host.events.subscribe("told", (event) => {
    if (event.kind !== "Custom" || !Array.isArray(event.data)) return;
    if (event.data.includes("acme.one/late")) changed.resolve();
  });
  services.provide("late", { now: () => 3 });
  await changed.promise;
  assertEquals(heard.at(-1), [...all, "acme.one/late"].sort());
});

Deno.test("services: 64 calls may be under way, and none for longer than the limit", async () => {
  await using host = createToyHost();
  await inline(host, "acme.slow", ({ services }) => {
    services.provide("slow", { wait: () => new Promise(() => {}) });
  });
  await using asker = await start(
    host,
    asking(`
      const slow = services.require("slow");
      context.subscribe("begin", async () => {
        const calls = Array.from({ length: 66 }, () => codeOf(slow.wait()));
        const codes = await Promise.all(calls);
        tell(Object.entries(Object.groupBy(codes, (code) => code))
          .map(([code, list]) => code + " " + list.length).sort());
      });`),
    { limits: { callMs: 200 } },
  );
  await register(host, asker);
  const answer = told(host);
  host.events.publish({ kind: "Custom", eventType: "begin", data: null });
  assertEquals(await answer, ["SANDBOX_CALL_TIMEOUT 64", "SERVICE_BUSY 2"]);
});

Deno.test("services: 64 calls of a plugin may be under way, and one more is refused at once", async () => {
  await using host = createToyHost();
  await using sandbox = await start(host, PROVIDER, {
    limits: { callMs: 500 },
  });
  await register(host, sandbox);
  const { services } = await inline(host, "acme.user");
  const math = services.require<Math>("math");
  const open = Array.from({ length: 64 }, () => codeOf(math.hang!()));
  assertEquals(await codeOf(math.hang!()), "SERVICE_BUSY");
  assertEquals(new Set(await Promise.all(open)).has("SERVICE_BUSY"), false);
});

Deno.test("services: a plugin that holds services without end is ended", async () => {
  await using host = createToyHost();
  await inline(host, "acme.clock", ({ services }) => {
    services.provide("clock", { now: () => 7 });
  });
  await using asker = await start(
    host,
    asking(`
      const held = [];
      for (let n = 0; n <= 10_000; n++) held.push(services.get("clock"));`),
  );
  const error = await assertRejects(() => register(host, asker), PluginError);
  assert(error.cause instanceof PluginError);
  assertEquals(error.cause.code, "SANDBOX_DIED");
  assertEquals(error.cause.details.reason, "protocol");
});

Deno.test("config: a sandboxed plugin reads its dependencies' settings and shares its own", async () => {
  await using host = createToyHost();
  const base = await inline(host, "acme.base", ({ config }) => {
    config.set("rate", 1);
    config.shared.set("theirs", "base");
  });
  await using asker = await start(
    host,
    asking(
      `
      const base = config.of("acme.base");
      let of; try { config.of("acme.other"); } catch (error) { of = error.code; }
      config.shared.set("mine", { n: 1 });
      tell([base.get("rate"), of, config.shared.list()]);
      base.watch("rate", (rate) => tell(["rate", rate]));
      context.subscribe("grab", () => config.shared.set("theirs", "mine"));
      context.subscribe("look", () => tell(config.shared.get("theirs")));`,
      `dependencies: { "acme.base": "*" }`,
    ),
  );
  const first = told(host);
  await register(host, asker);
  assertEquals(await first, [1, "UNAVAILABLE_IN_SANDBOX", [
    ["mine", { n: 1 }],
    ["theirs", "base"],
  ]]);
  assertEquals(base.config.shared.get("mine"), { n: 1 });
  const changed = told(host);
  base.config.set("rate", 2);
  assertEquals(await changed, ["rate", 2]);
  const report = await host.events.publishAsync({
    kind: "Custom",
    eventType: "grab",
    data: null,
  });
  assertEquals(report.failures.map(({ code }) => code), ["CONFIG_OWNED"]);
  const look = told(host);
  host.events.publish({ kind: "Custom", eventType: "look", data: null });
  assertEquals(await look, "base");
  await host.registry.unregister("acme.asker");
  assertEquals(base.config.shared.get("mine"), undefined);
});
