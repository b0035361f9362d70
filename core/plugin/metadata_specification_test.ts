/** The sentences of the specification of metadata, one test each. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { PluginCapability } from "./capability.ts";
import type { Plugin, PluginMetadata } from "./plugin.ts";
import { failure, fixture } from "./registry_fixture_test.ts";

/** Paths of the issues with which a plugin is refused; nothing of it has run. */
async function issuesOf(metadata: object): Promise<string[]> {
  const { registry } = fixture();
  let calls = 0;
  const plugin = { metadata, onLoad: () => void calls++ } as Plugin;
  const error = await failure(registry.register(plugin));
  assertEquals([error.code, calls], ["PLUGIN_METADATA_INVALID", 0]);
  const { issues } = error.details;
  assert(Array.isArray(issues));
  return issues.map(({ path }) => path);
}

const GOOD: PluginMetadata = { id: "acme.a", version: "1.0.0" };

const BROKEN: readonly (readonly [path: string, patch: object])[] = [
  ...[
    "",
    " ",
    " a",
    "a\n",
    "a\u202eb",
    "x".repeat(129),
    "core",
    "host",
    "shared",
    "*",
    "__proto__",
    "constructor",
    "prototype",
  ].map((id) => ["id", { id }] as const),
  ["version", { version: "1.0" }],
  ["dependencies.base", { dependencies: { base: "newest" } }],
  ["dependencies.acme.a", { dependencies: { "acme.a": "*" } }],
  ["dependencies.core", { dependencies: { core: "*" } }],
  ["capabilities", { capabilities: "Telemetry" }],
  ["capabilities[0]", { capabilities: [7] }],
  ["engines.spiraltorch", { engines: { spiraltorch: "new" } }],
  ...["name", "description", "author"].map((field) =>
    [field, { [field]: "x".repeat(4097) }] as const
  ),
  ["metadata.a", { metadata: { a: 7 } }],
];

Deno.test("metadata: every rule alone and three at once (three issues)", async () => {
  for (const [path, patch] of BROKEN) {
    assertEquals(await issuesOf({ ...GOOD, ...patch }), [path]);
  }
  const three = { id: " ", version: "one", capabilities: [null] };
  assertEquals((await issuesOf(three)).sort(), [
    "capabilities[0]",
    "id",
    "version",
  ]);
});

Deno.test("metadata: metadata mutated after registration has no effect", async () => {
  const { registry } = fixture();
  const capabilities = ["Telemetry"];
  const metadata = { ...GOOD, name: "before", capabilities };
  const handle = await registry.register({ metadata });
  metadata.name = "after";
  capabilities.push("Operators");
  assertEquals(handle.metadata.name, "before");
  assertEquals(registry.findByCapability("Operators"), []);
  assertEquals(registry.findByCapability("Telemetry"), [handle]);
  assert(Object.isFrozen(handle.metadata));
});

Deno.test("metadata: getter that throws", async () => {
  const { registry } = fixture();
  const cause = new TypeError("no");
  const plugin: Plugin = {
    get metadata(): PluginMetadata {
      throw cause;
    },
  };
  const error = await failure(registry.register(plugin));
  assertEquals(error.code, "PLUGIN_METADATA_INVALID");
  assertStrictEquals(error.cause, cause);
  assertEquals(registry.listPlugins(), []);
});

const CAPABILITIES = [
  "Backend(webgpu)",
  "Operators",
  "LossFunctions",
  "Optimizers",
  "DataLoaders",
  "Visualization",
  "Telemetry",
  "Language",
  "Vision",
  "ReinforcementLearning",
  "GraphNeuralNetworks",
  "Recommender",
  "Custom(x)",
];

Deno.test("metadata: each capability kind round-trips", async () => {
  for (const text of CAPABILITIES) {
    const capability = PluginCapability.parse(text);
    assertEquals(PluginCapability.print(capability), text);
    const { registry } = fixture();
    const metadata = { ...GOOD, capabilities: [text] };
    const handle = await registry.register({ metadata });
    assertEquals(handle.metadata.capabilities, [capability]);
    assertEquals(registry.findByCapability(capability), [handle]);
  }
});

Deno.test("metadata: near-miss text warns", async () => {
  const { registry, log } = fixture();
  const metadata = { ...GOOD, capabilities: ["Telemetri", "Painting"] };
  const handle = await registry.register({ metadata });
  assertEquals(handle.metadata.capabilities, [
    { kind: "Custom", name: "Telemetri" },
    { kind: "Custom", name: "Painting" },
  ]);
  assertEquals(log.map(({ level, source }) => [level, source]), [
    ["warn", "acme.a"],
  ]);
  assert(String(log[0]!.fields.hint).includes("Telemetry"));
});
