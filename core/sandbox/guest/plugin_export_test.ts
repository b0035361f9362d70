import { assertEquals, assertRejects } from "@std/assert";
import type { Plugin } from "../../plugin/plugin.ts";
import { readPluginExport } from "./plugin_export.ts";

const PLUGIN: Plugin = { metadata: { id: "acme.a", version: "1.0.0" } };
const OTHER: Plugin = { metadata: { id: "acme.b", version: "1.0.0" } };

Deno.test.each<{ name: string; exported: unknown; want: readonly Plugin[] }>([
  { name: "a plugin", exported: PLUGIN, want: [PLUGIN] },
  { name: "an array", exported: [PLUGIN, OTHER], want: [PLUGIN, OTHER] },
  { name: "a factory", exported: () => PLUGIN, want: [PLUGIN] },
  {
    name: "an asynchronous factory of an array",
    exported: () => Promise.resolve([OTHER]),
    want: [OTHER],
  },
])("readPluginExport() takes $name", async ({ exported, want }) => {
  assertEquals(await readPluginExport({ default: exported }), {
    kind: "plugins",
    plugins: want,
  });
});

Deno.test.each<{ module: { default?: unknown }; found: string }>([
  { module: {}, found: "missing" },
  { module: { default: undefined }, found: "a value of type undefined" },
  { module: { default: null }, found: "null" },
  { module: { default: 5 }, found: "a value of type number" },
  { module: { default: [] }, found: "an empty array" },
  { module: { default: {} }, found: "an object without metadata" },
  {
    module: { default: { id: "a", onLoad() {} } },
    found: "an object without metadata (it has id, onLoad)",
  },
  { module: { default: [PLUGIN, "b"] }, found: "a value of type string" },
  { module: { default: () => 7 }, found: "a value of type number" },
])(
  "readPluginExport() tells that it found $found",
  async ({ module, found }) => {
    assertEquals(await readPluginExport(module), { kind: "other", found });
  },
);

Deno.test("readPluginExport() passes on what a factory throws", async () => {
  const factory = () => Promise.reject(new RangeError("No"));
  await assertRejects(
    () => readPluginExport({ default: factory }),
    RangeError,
    "No",
  );
});
