import { assertEquals, assertThrows } from "@std/assert";
import { isCoded } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { PluginEventBus } from "../events/bus.ts";
import type { Foreseen } from "./foresee.ts";
import { PluginRegistry } from "./registry.ts";

function createRegistry(): PluginRegistry {
  return new PluginRegistry({
    events: new PluginEventBus(),
    engineVersion: "0.1.0",
  });
}

const METADATA = { id: "acme.a", version: "1.0.0" };
const DEPENDENT = {
  id: "acme.b",
  version: "1.0.0",
  dependencies: { "acme.a": "^1.0.0" },
};

function codeOf(registry: PluginRegistry, foreseen: Foreseen): string {
  return assertThrows(() => registry.foresee(foreseen), PluginError).code;
}

Deno.test("PluginRegistry.foresee() refuses what registerAll() would, and changes nothing", async () => {
  await using registry = createRegistry();
  const scope = "whole";
  registry.foresee({ plugins: [DEPENDENT, METADATA], scope });
  assertEquals(registry.listPlugins(), []);
  assertEquals(
    codeOf(registry, { plugins: [DEPENDENT], scope }),
    "DEPENDENCY_MISSING",
  );
  assertEquals(
    codeOf(registry, { plugins: [METADATA, METADATA], scope }),
    "PLUGIN_DUPLICATE",
  );
});

Deno.test("PluginRegistry.foresee() refuses what says nothing of plugins", async () => {
  await using registry = createRegistry();
  const rows: [unknown, string][] = [
    [undefined, "INVALID_OPTION"],
    [{ plugins: 7, scope: "whole" }, "INVALID_OPTION"],
    [{ plugins: [], scope: "toString" }, "INVALID_OPTION"],
    [{ plugins: [{ id: " " }], scope: "whole" }, "PLUGIN_METADATA_INVALID"],
  ];
  for (const [foreseen, code] of rows) {
    const error = assertThrows(() => registry.foresee(foreseen as Foreseen));
    assertEquals(isCoded(error) && error.code, code);
  }
});

Deno.test("PluginRegistry.foresee() of a part leaves to the others what may come with them", async () => {
  await using registry = createRegistry();
  const scope = "part";
  registry.foresee({ plugins: [DEPENDENT], scope });
  await registry.register({ metadata: METADATA });
  assertEquals(
    codeOf(registry, { plugins: [METADATA], scope }),
    "PLUGIN_ALREADY_REGISTERED",
  );
});

Deno.test("PluginRegistry.foresee() lets pass what is on its way in or out", async () => {
  await using registry = createRegistry();
  const step = Promise.withResolvers<void>();
  const loading = registry.register({
    metadata: METADATA,
    onLoad: () => step.promise,
  });
  registry.foresee({ plugins: [DEPENDENT], scope: "whole" });
  registry.foresee({ plugins: [METADATA], scope: "whole" });
  step.resolve();
  await loading;
  const gone = registry.unregister("acme.a");
  registry.foresee({ plugins: [METADATA], scope: "whole" });
  await gone;
});

Deno.test("PluginRegistry.foresee() of a reload asks those that stay", async () => {
  await using registry = createRegistry();
  await registry.registerAll([{ metadata: METADATA }, { metadata: DEPENDENT }]);
  const scope = "reload";
  const next = (version: string) => [{ ...METADATA, version }];
  registry.foresee({ plugins: next("1.1.0"), scope });
  assertEquals(
    codeOf(registry, { plugins: next("2.0.0"), scope }),
    "DEPENDENCY_VERSION",
  );
});
