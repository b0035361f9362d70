import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { PluginEventBus } from "../events/bus.ts";
import type { PluginState } from "./plugin.ts";
import { PluginRegistry } from "./registry.ts";
import { failure, fixture, plugin } from "./registry_fixture_test.ts";

Deno.test("register() makes a plugin active", async () => {
  const { registry, heard } = fixture();
  const swish = plugin("acme.swish", {
    metadata: { capabilities: ["operators"] },
  });
  const handle = await registry.register(swish);
  assertEquals(
    [handle.id, handle.version, handle.state, handle.isolation],
    ["acme.swish", "1.0.0", "active", "inline"],
  );
  assertStrictEquals(registry.get("acme.swish"), handle);
  assertStrictEquals(handle.instance(), swish);
  assert(registry.has("acme.swish"));
  assertEquals(registry.listPlugins(), ["acme.swish"]);
  assertEquals(heard, ["PluginLoaded acme.swish"]);
});

Deno.test("listPlugins() and findByCapability() sort by id, not by registration", async () => {
  const { registry } = fixture();
  const metadata = { capabilities: ["Backend(webgpu)"] };
  for (const id of ["b", "c", "a"]) {
    await registry.register(plugin(id, id === "c" ? {} : { metadata }));
  }
  assertEquals(registry.listPlugins(), ["a", "b", "c"]);
  const ids = (text: string) =>
    registry.findByCapability(text).map(({ id }) => id);
  assertEquals(ids("backend:webgpu"), ["a", "b"]);
  assertEquals(ids("backend:WEBGPU"), []);
  assertEquals(registry.findByCapability({ kind: "Vision" }), []);
});

Deno.test("register() reads metadata once; later changes have no effect", async () => {
  const { registry } = fixture();
  const metadata = { id: "acme.a", version: "1.0.0" };
  let reads = 0;
  const handle = await registry.register({
    get metadata() {
      reads++;
      return metadata;
    },
  });
  metadata.version = "2.0.0";
  assertEquals([reads, handle.version, handle.metadata.version], [
    1,
    "1.0.0",
    "1.0.0",
  ]);
});

Deno.test("register() rejects invalid metadata with every issue", async () => {
  const { registry, heard } = fixture();
  const error = await failure(
    registry.register(plugin(" ", { metadata: { version: "1" } })),
  );
  assertEquals(error.code, "PLUGIN_METADATA_INVALID");
  const noPlugin: unknown = null;
  const other = await failure(
    registry.register(noPlugin as ReturnType<typeof plugin>),
  );
  assertEquals(
    other.message,
    "Cannot read plugin metadata: found null, wanted a plugin",
  );
  const cause = new TypeError("no");
  const throwing = await failure(registry.register({
    get metadata(): never {
      throw cause;
    },
  }));
  assertEquals([throwing.code, throwing.cause], [
    "PLUGIN_METADATA_INVALID",
    cause,
  ]);
  assertEquals(heard, []);
});

Deno.test("register() writes likely slips in metadata to the log", async () => {
  const { registry, log } = fixture();
  await registry.register(
    plugin("acme.a", { metadata: { capabilities: ["Telemetri"] } }),
  );
  assertEquals(log, [{
    level: "warn",
    source: "acme.a",
    message: "Metadata may have a slip",
    fields: {
      path: "capabilities[0]",
      message: '"Telemetri" is taken as a custom capability',
      hint: 'did you mean "Telemetry"?',
    },
  }]);
});

Deno.test("register() takes one step at a time for each id", async () => {
  const { registry } = fixture();
  const { promise, resolve } = Promise.withResolvers<void>();
  const slow = registry.register(plugin("a", { onLoad: () => promise }));
  // In the same tick: the second call sees the first.
  const second = await failure(registry.register(plugin("a")));
  assertEquals([second.code, second.details], ["PLUGIN_IN_TRANSITION", {
    id: "a",
    state: "loading",
  }]);
  assertEquals(registry.get("a"), undefined);
  assertEquals((await registry.register(plugin("b"))).state, "active");
  resolve();
  await slow;
  const third = await failure(registry.register(plugin("a")));
  assertEquals([third.code, third.details], ["PLUGIN_ALREADY_REGISTERED", {
    id: "a",
    version: "1.0.0",
  }]);
});

Deno.test("register() compares the library's version with what the plugin wants", async () => {
  const { registry } = fixture();
  const wanting = (range: string) =>
    plugin("a", { metadata: { engines: { spiraltorch: range } } });
  const error = await failure(registry.register(wanting("^1.0.0")));
  assertEquals(error.code, "ENGINE_INCOMPATIBLE");
  assertEquals(
    error.message,
    'Cannot load plugin "a": it works with spiraltorch ^1.0.0, found 0.1.0',
  );
  await registry.register(wanting("^0.1.0"));
});

Deno.test.each([
  {
    name: "missing",
    dependencies: { acme: "^1.0.0" },
    code: "DEPENDENCY_MISSING",
  },
  {
    name: "in another version",
    dependencies: { active: "^2.0.0" },
    code: "DEPENDENCY_VERSION",
  },
  {
    name: "of which a prerelease is not enough",
    dependencies: { beta: "^1.0.0" },
    code: "DEPENDENCY_VERSION",
  },
  {
    name: "still being loaded",
    dependencies: { loading: "*" },
    code: "DEPENDENCY_NOT_READY",
  },
])(
  "register() runs no hook for a dependency $name",
  async ({ dependencies, code }) => {
    const { registry } = fixture();
    const { promise, resolve } = Promise.withResolvers<void>();
    await registry.register(plugin("active"));
    await registry.register(
      plugin("beta", { metadata: { version: "1.0.0-beta.1" } }),
    );
    const loading = registry.register(
      plugin("loading", { onLoad: () => promise }),
    );
    let calls = 0;
    const metadata = { dependencies };
    const error = await failure(
      registry.register(plugin("a", { metadata, onLoad: () => void calls++ })),
    );
    assertEquals([error.code, calls], [code, 0]);
    resolve();
    await loading;
  },
);

Deno.test("register() refuses options that cannot be", async () => {
  const { registry } = fixture();
  const isolation: unknown = "vacuum";
  const attempts = [
    { timeoutMs: -1 },
    { isolation: isolation as "inline" },
  ];
  for (const options of attempts) {
    const error = await registry.register(plugin("a"), options)
      .catch((error: unknown) => error);
    assert(error instanceof OptionError && error.code === "INVALID_OPTION");
  }
  const fn: unknown = () => {};
  const config = { rate: NaN, " ": 1, fn: fn as number };
  const error = await failure(registry.register(plugin("a"), { config }));
  assertEquals(error.code, "CONFIG_INVALID");
  assert(
    Array.isArray(error.details.issues) && error.details.issues.length === 3,
  );
  assertEquals(registry.listPlugins(), []);
});

Deno.test("a handle follows its plugin to the end and no further", async () => {
  const { registry } = fixture();
  const states: PluginState[] = [];
  const again = plugin("a", {
    onUnload: () => void states.push(handle.state),
  });
  const handle = await registry.register(again);
  await registry.unregister("a");
  states.push(handle.state);
  const next = await registry.register(again);
  states.push(handle.state, next.state);
  assertEquals(states, ["unloading", "absent", "absent", "active"]);
  assertEquals(handle.contributions(), []);
});

Deno.test("a handle hands out the object of an inline plugin only", async () => {
  const { registry } = fixture();
  const handle = await registry.register(plugin("a"), { isolation: "process" });
  assertEquals(handle.isolation, "process");
  const error = assertThrows(() => handle.instance(), PluginError);
  assertEquals(error.code, "PLUGIN_NOT_INLINE");
});

Deno.test("a hook may use the registry that runs it", async () => {
  const { registry, heard, events } = fixture();
  const outer = plugin("outer", {
    async onLoad() {
      assertEquals(registry.listPlugins(), []);
      await registry.register(plugin("inner"));
      assertEquals(
        (await failure(registry.register(plugin("outer")))).code,
        "PLUGIN_IN_TRANSITION",
      );
      assertEquals(
        (await failure(registry.unregister("outer"))).code,
        "PLUGIN_IN_TRANSITION",
      );
      events.publish({ kind: "Custom", eventType: "hello", data: 1 });
      await registry.unregister("inner");
    },
  });
  await registry.register(outer);
  assertEquals(heard, [
    "PluginLoaded inner",
    "hello 1",
    "PluginUnloaded inner",
    "PluginLoaded outer",
  ]);
});

Deno.test("PluginRegistry refuses what it cannot be made with", () => {
  const events = new PluginEventBus();
  assertThrows(
    () => new PluginRegistry({ events, engineVersion: "new" }),
    OptionError,
    "engineVersion",
  );
  const point = {
    name: "operators",
    label: "operator",
    register: () => ({ name: "x", [Symbol.dispose]: () => {} }),
  };
  assertThrows(
    () =>
      new PluginRegistry({
        events,
        engineVersion: "1.0.0",
        contributionPoints: [point, point],
      }),
    OptionError,
    "distinct names",
  );
});
