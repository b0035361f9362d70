import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import { PluginEventBus } from "../events/bus.ts";
import type { Plugin, PluginMetadata } from "./plugin.ts";
import { PluginRegistry } from "./registry.ts";
import { contexts, failure, fixture, plugin } from "./registry_fixture_test.ts";

function having(id: string, metadata: Partial<PluginMetadata>): Plugin {
  return plugin(id, { metadata });
}

const likesBase = (range: string) =>
  having("a.fan", { optionalDependencies: { base: range } });

Deno.test("an optional dependency may be missing, and goes first if it is there", async () => {
  const alone = fixture();
  await alone.registry.register(likesBase("^1.0.0"));
  assertEquals(alone.registry.listPlugins(), ["a.fan"]);
  assertEquals(alone.registry.validateDependencyGraph().ok, true);
  const both = fixture();
  const handles = await both.registry.registerAll([
    likesBase("^1.0.0"),
    plugin("base"),
  ]);
  assertEquals(handles.map(({ id }) => id), ["base", "a.fan"]);
  const { unloaded } = await both.registry.shutdown();
  assertEquals(unloaded, ["a.fan", "base"]);
});

Deno.test("an optional dependency does not keep what it could do without", async () => {
  const { registry } = fixture();
  await registry.registerAll([likesBase("*"), plugin("base")]);
  assertEquals(await registry.unregister("base"), ["base"]);
  assertEquals(registry.listPlugins(), ["a.fan"]);
});

Deno.test("an optional dependency that is there must be in its range, whoever comes first", async () => {
  const { registry } = fixture();
  await registry.register(plugin("base"));
  const error = await failure(registry.register(likesBase("^2.0.0")));
  assertEquals(error.code, "DEPENDENCY_VERSION");
  await registry.unregister("base");
  await registry.register(likesBase("^2.0.0"));
  const late = await failure(registry.register(plugin("base")));
  assertEquals([late.code, late.details.id], ["DEPENDENCY_VERSION", "a.fan"]);
  await registry.register(having("base", { version: "2.1.0" }));
  const back = having("base", { version: "3.0.0" });
  const reload = await failure(registry.reload("base", back));
  assertEquals(reload.code, "DEPENDENCY_VERSION");
  assertEquals(registry.get("base")?.version, "2.1.0");
});

Deno.test("plugins that could do without each other cannot both go first", async () => {
  const { registry } = fixture();
  const error = await failure(registry.registerAll([
    having("a", { optionalDependencies: { b: "*" } }),
    having("b", { optionalDependencies: { a: "*" } }),
  ]));
  assertEquals(error.code, "DEPENDENCY_CYCLE");
});

const STAND_IN = having("other", {
  version: "7.0.0",
  provides: { base: "1.2.0" },
});
const USER = having("user", { dependencies: { base: "^1.1.0" } });

Deno.test("a substitute counts as what it stands in for", async () => {
  const { registry } = fixture();
  const handles = await registry.registerAll([USER, STAND_IN]);
  assertEquals(handles.map(({ id }) => id), ["other", "user"]);
  assertEquals(registry.dependencyGraph().get("user"), ["other"]);
  assertEquals(registry.validateDependencyGraph().ok, true);
  assertEquals(registry.explain("user").dependencies, [
    { id: "base", range: "^1.1.0", found: "1.2.0", substitute: "other" },
  ]);
  assertEquals(registry.explain("other").directDependents, ["user"]);
  const { code } = await failure(registry.unregister("other"));
  assertEquals(code, "PLUGIN_HAS_DEPENDENTS");
  assertEquals(await registry.unregister("other", { cascade: true }), [
    "user",
    "other",
  ]);
});

Deno.test("a substitute must count as a version in the range", async () => {
  const { registry } = fixture();
  await registry.register(STAND_IN);
  const asks = (range: string) =>
    having("user", { dependencies: { base: range } });
  const error = await failure(registry.register(asks("^2.0.0")));
  assertEquals([error.code, error.details.found], [
    "DEPENDENCY_VERSION",
    "1.2.0",
  ]);
  // A plugin of that name that will do comes before what stands in for it.
  await registry.register(having("base", { version: "1.9.0" }));
  await registry.register(asks("^1.0.0"));
  assertEquals(registry.dependencyGraph().get("user"), ["base"]);
});

Deno.test("a substitute that is reloaded must go on standing in", async () => {
  const { registry } = fixture();
  await registry.registerAll([USER, STAND_IN]);
  const { code } = await failure(
    registry.reload("other", having("other", { version: "7.1.0" })),
  );
  assertEquals(code, "DEPENDENCY_MISSING");
  const provides = { base: "1.3.0" };
  const next = having("other", { version: "7.1.0", provides });
  assertEquals((await registry.reload("other", next)).to, "7.1.0");
});

Deno.test("a plugin finds the services of the substitute that it depends on", async () => {
  const made = fixture();
  const [other, third, user] = await contexts(
    made,
    STAND_IN,
    plugin("third"),
    USER,
  );
  other!.services.provide("math", { of: "other" });
  third!.services.provide("math", { of: "third" });
  assertEquals(user!.services.get("math"), { of: "other" });
});

Deno.test("overrides replace the ranges that plugins ask for, and those of resolve()", async () => {
  const { registry } = fixture({ overrides: { base: "2.x" } });
  await registry.registerAll([
    USER,
    having("base", { version: "2.0.0" }),
  ]);
  assertEquals(registry.validateDependencyGraph().ok, true);
  await registry.reload("base", having("base", { version: "2.1.0" }));
  const plan = await registry.resolve({ user: "*" }, {
    versions: (id) => id === "user" ? ["1.0.0"] : ["1.1.0", "2.0.0"],
    metadata: (id) => id === "user" ? USER.metadata : {},
  });
  assertEquals(plan.versions.get("base"), "2.0.0");
  assertThrows(
    () =>
      new PluginRegistry({
        events: new PluginEventBus(),
        engineVersion: "0.1.0",
        overrides: { base: "two" },
      }),
    OptionError,
    "a range of versions",
  );
});

Deno.test("a version that was withdrawn is loaded with a warning", async () => {
  const { registry, log } = fixture();
  await registry.register(having("old", { yanked: "it leaks" }));
  await registry.register(having("new", { yanked: false }));
  assertEquals(
    log.map(({ level, source, fields }) => [level, source, fields]),
    [
      ["warn", "old", { reason: "it leaks" }],
    ],
  );
});
