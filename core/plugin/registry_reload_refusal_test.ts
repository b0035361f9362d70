import { assert, assertEquals } from "@std/assert";
import { settle } from "../events/manual_clock_test.ts";
import {
  dependent,
  failure,
  fixture,
  plugin,
} from "./registry_fixture_test.ts";
import { assertFirstAnswers, counter } from "./reload_fixture_test.ts";

Deno.test("reload to a version a dependent rejects: it is refused untouched", async () => {
  const made = fixture();
  const { registry } = made;
  const first = counter("1.0.0", {
    saveState: () => assert(false, "nothing runs"),
  });
  await registry.register(first);
  const user = plugin("b", { metadata: { dependencies: { a: "^1.0.0" } } });
  await registry.register(user);
  const error = await failure(registry.reload("a", counter("2.0.0")));
  assertEquals(error.code, "DEPENDENCY_VERSION");
  const { id, dependency, wanted, found } = error.details;
  assertEquals([id, dependency, wanted, found], ["b", "a", "^1.0.0", "2.0.0"]);
  assertFirstAnswers(made, first);
});

Deno.test("reload() asks those that are being loaded, and those that will depend on it, too", async () => {
  const { registry } = fixture();
  const gate = Promise.withResolvers<void>();
  const needs = (version: string, range: string | undefined) =>
    plugin("b", {
      metadata: { version, ...range && { dependencies: { a: range } } },
      onLoad: () => gate.promise,
    });
  await registry.register(counter("1.0.0"));
  const loading = registry.register(needs("1.0.0", "^1.0.0"));
  const refused = () => failure(registry.reload("a", counter("2.0.0")));
  assertEquals((await refused()).code, "DEPENDENCY_VERSION");
  gate.resolve();
  await loading;
  await registry.unregister("b");
  await registry.register(needs("1.0.0", undefined));
  const later = Promise.withResolvers<void>();
  const reloading = registry.reload("b", {
    ...needs("1.1.0", "^1.0.0"),
    onLoad: () => later.promise,
  });
  assertEquals((await refused()).code, "DEPENDENCY_VERSION");
  const held = await failure(registry.unregister("a"));
  assertEquals(held.details.dependents, ["b"]);
  later.resolve();
  await reloading;
});

Deno.test.each([
  { name: "another id", next: plugin("b"), code: "RELOAD_ID_MISMATCH" },
  {
    name: "metadata that break the rules",
    next: plugin("a", { metadata: { version: "x" } }),
    code: "PLUGIN_METADATA_INVALID",
  },
  {
    name: "a dependency that is missing",
    next: dependent("a", "x"),
    code: "DEPENDENCY_MISSING",
  },
  {
    name: "a dependency on itself through another",
    next: dependent("a", "b"),
    code: "DEPENDENCY_CYCLE",
  },
  {
    name: "another library",
    next: plugin("a", { metadata: { engines: { spiraltorch: ">=9" } } }),
    code: "ENGINE_INCOMPATIBLE",
  },
])("reload() with $name is refused untouched", async ({ next, code }) => {
  const made = fixture();
  const first = counter("1.0.0");
  await made.registry.register(first);
  await made.registry.register(dependent("b", "a"));
  const error = await failure(made.registry.reload("a", next));
  assertEquals(error.code, code);
  assertFirstAnswers(made, first);
});

Deno.test("reload() takes one step at a time for each id", async () => {
  const { registry } = fixture();
  const unknown = await failure(registry.reload("a", counter("1.0.0")));
  assertEquals(unknown.code, "PLUGIN_NOT_FOUND");
  const gate = Promise.withResolvers<void>();
  const slow = { onLoad: () => gate.promise };
  const loading = registry.register(counter("1.0.0", slow));
  const early = await failure(registry.reload("a", counter("1.0.1")));
  assertEquals([early.code, early.details.state], [
    "PLUGIN_IN_TRANSITION",
    "loading",
  ]);
  gate.resolve();
  await loading;
  const again = Promise.withResolvers<void>();
  const reloading = registry.reload(
    "a",
    counter("1.0.1", { onLoad: () => again.promise }),
  );
  assertEquals(registry.get("a")?.state, "reloading");
  assertEquals(registry.listPlugins(), ["a"]);
  assertEquals(registry.explain("a").registered, true);
  for (
    const second of [
      registry.reload("a", counter("1.0.2")),
      registry.unregister("a"),
      registry.register(counter("1.0.2")),
    ]
  ) {
    const { code, details } = await failure(second);
    assertEquals([code, details.state], ["PLUGIN_IN_TRANSITION", "reloading"]);
  }
  const needing = await failure(registry.register(dependent("b", "a")));
  assertEquals(needing.code, "DEPENDENCY_NOT_READY");
  again.resolve();
  await reloading;
  await registry.register(dependent("b", "a"));
});

Deno.test("reload() is refused after shutdown(), which waits for those under way", async () => {
  const { registry } = fixture();
  await registry.register(counter("1.0.0"));
  const reloading = registry.reload("a", counter("1.1.0"));
  const closing = registry.shutdown();
  const late = await failure(registry.reload("a", counter("1.2.0")));
  assertEquals(late.code, "REGISTRY_CLOSED");
  assertEquals((await reloading).to, "1.1.0");
  assertEquals((await closing).unloaded, ["a"]);
});

Deno.test("reload() of a plugin whose set is not loaded yet is refused", async () => {
  const { registry } = fixture();
  const gate = Promise.withResolvers<void>();
  const loading = registry.registerAll([
    counter("1.0.0"),
    { ...dependent("b", "a"), onLoad: () => gate.promise },
  ]);
  await settle();
  const error = await failure(registry.reload("a", counter("1.1.0")));
  assertEquals(error.details.state, "loading");
  gate.resolve();
  await loading;
});
