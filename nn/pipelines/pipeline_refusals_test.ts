import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Issue } from "../../core/base/mod.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { NnError } from "../errors.ts";
import { parsePipeline } from "./parse_pipeline.ts";

/** Codes and paths of the issues that a description is refused for. */
function placesOf(source: unknown): string[] {
  const error = assertThrows(
    () => parsePipeline(source, createModuleRegistry()),
    NnError,
    "Cannot read a pipeline: ",
  );
  assertEquals(error.code, "PIPELINE_INVALID");
  const { issues } = error.details;
  assert(Array.isArray(issues));
  return issues.map(({ code, path }: Issue) => `${code} ${path}`.trim());
}

Deno.test.each<{ name: string; source: unknown; want: string[] }>([
  { name: "nothing", source: undefined, want: ["NOT_PLAIN"] },
  { name: "no text", source: "", want: ["ENTRY_INVALID"] },
  { name: "a list", source: [], want: ["ENTRY_INVALID"] },
  { name: "no modules", source: {}, want: ["ENTRY_INVALID modules"] },
  {
    name: "an unknown key",
    source: { modules: [], layers: [] },
    want: ["UNKNOWN_KEY layers"],
  },
  {
    name: "a merge key",
    source: "<<: { name: x }\nmodules: []",
    want: ["UNKNOWN_KEY <<"],
  },
  {
    name: "a prototype",
    source: "__proto__: { modules: [] }\nmodules: []",
    want: ["UNKNOWN_KEY __proto__"],
  },
  {
    name: "another version",
    source: { version: 2, modules: [] },
    want: ["VERSION_UNSUPPORTED version"],
  },
  {
    name: "a version as text",
    source: { version: "1", modules: [] },
    want: ["VERSION_UNSUPPORTED version"],
  },
  {
    name: "a name that is none",
    source: { name: "\u001b[2K", modules: [] },
    want: ["ENTRY_INVALID name"],
  },
  {
    name: "a name that is too long",
    source: { name: "x".repeat(129), modules: [] },
    want: ["ENTRY_INVALID name"],
  },
  {
    name: "an input that is no list",
    source: { input: 3, modules: [] },
    want: ["ENTRY_INVALID input"],
  },
  {
    name: "sizes that are none",
    source: { input: ["batch", 0, 1.5, "a b", "b", 2 ** 31], modules: [] },
    want: [
      "ENTRY_INVALID input[1]",
      "ENTRY_INVALID input[2]",
      "ENTRY_INVALID input[3]",
      "ENTRY_INVALID input[5]",
    ],
  },
  {
    name: "an unknown type",
    source: { modules: ["rellu"] },
    want: ["MODULE_UNKNOWN modules[0]"],
  },
  {
    name: "a URL as a type",
    source: { modules: ["https://example.com/m.ts"] },
    want: ["MODULE_UNKNOWN modules[0]"],
  },
  {
    name: "the names that objects have",
    source: {
      modules: ["constructor", { toString: {} }, { type: "__proto__" }],
    },
    want: [
      "MODULE_UNKNOWN modules[0]",
      "MODULE_UNKNOWN modules[1]",
      "MODULE_UNKNOWN modules[2].type",
    ],
  },
  {
    name: "a loss as a module",
    source: { modules: ["mse"] },
    want: ["MODULE_UNKNOWN modules[0]"],
  },
  {
    name: "a module as a loss",
    source: { modules: [], loss: "relu", optimizer: "mse" },
    want: ["MODULE_UNKNOWN loss", "MODULE_UNKNOWN optimizer"],
  },
  {
    name: "a wrong value in the short form",
    source: {
      modules: ["relu", { linear: { inFeatures: "3", outFeatures: 2 } }],
    },
    want: ["CONFIG_INVALID modules[1].linear.inFeatures"],
  },
  {
    name: "a wrong value in the long form",
    source: { modules: [{ type: "linear", config: { inFeatures: 3 } }] },
    want: ["CONFIG_INVALID modules[0].config.outFeatures"],
  },
  {
    name: "a config that is a list",
    source: { modules: [{ relu: [] }] },
    want: ["CONFIG_INVALID modules[0].relu"],
  },
  {
    name: "a config that is missing",
    source: { modules: ["linear"] },
    want: [
      "CONFIG_INVALID modules[0].inFeatures",
      "CONFIG_INVALID modules[0].outFeatures",
    ],
  },
  {
    name: "an unknown setting",
    source: {
      modules: [{ linear: { inFeatures: 3, outFeatures: 2, size: 1 } }],
    },
    want: ["UNKNOWN_KEY modules[0].linear.size"],
  },
  {
    name: "entries that are none",
    source: { modules: [3, [], {}, { relu: {}, tanh: {} }, { type: 1 }] },
    want: [
      "ENTRY_INVALID modules[0]",
      "ENTRY_INVALID modules[1]",
      "ENTRY_INVALID modules[2]",
      "ENTRY_INVALID modules[3]",
      "ENTRY_INVALID modules[4].type",
    ],
  },
  {
    name: "an unknown key of an entry",
    source: { modules: [{ type: "relu", name: "x" }] },
    want: ["UNKNOWN_KEY modules[0].name"],
  },
  {
    name: "an id where none can be",
    source: { modules: [], loss: { type: "mse", id: "x" } },
    want: ["UNKNOWN_KEY loss.id"],
  },
  {
    name: "ids that could be mistaken for something else",
    source: {
      modules: ["9", "a.b", "", 1, "toString", "a".repeat(129)]
        .map((id) => ({ type: "relu", id })),
    },
    want: [0, 1, 2, 3, 4, 5].map((i) => `ENTRY_INVALID modules[${i}].id`),
  },
  {
    name: "an id twice",
    source: {
      modules: [{ type: "relu", id: "a" }, "relu", { type: "tanh", id: "a" }],
    },
    want: ["DUPLICATE_ID modules[2].id"],
  },
  {
    name: "broken YAML",
    source: "modules:\n  - relu\n  - {",
    want: ["YAML"],
  },
  {
    name: "shapes that do not fit",
    source: {
      input: [1, 3],
      modules: [{ linear: { inFeatures: 2, outFeatures: 2 } }],
    },
    want: ["SHAPE_CHAIN_MISMATCH modules[0]"],
  },
  {
    name: "paths that cannot be merged",
    source: {
      input: [1, 3],
      modules: [{ residual: [{ linear: { inFeatures: 3, outFeatures: 2 } }] }],
    },
    want: ["MERGE_SHAPE modules[0]"],
  },
])("pipelines: each issue code alone: $name", ({ source, want }) => {
  assertEquals(placesOf(source), want);
});

/** Lines that a generator of them makes. */
function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("\n");
}

Deno.test.each<{ name: string; text: string; code: string }>([
  {
    name: "types",
    text: `modules:\n${lines(2000, (i) => `- linera${i}`)}`,
    code: "MODULE_UNKNOWN",
  },
  {
    name: "variables, where there are many",
    text: `variables:\n${lines(1000, (i) => `  v${i}: 1`)}\nmodules:\n${
      lines(1000, (i) => `- \${w${i}}`)
    }`,
    code: "VARIABLE_UNKNOWN",
  },
  {
    name: "outputs, where there are many modules",
    text: `modules:\n${
      lines(1000, (i) => `- { type: relu, id: m${i} }`)
    }\noutputs:\n${lines(1000, (i) => `  o${i}: x${i}`)}`,
    code: "OUTPUT_UNKNOWN",
  },
])(
  "parsePipeline() looks for a hundred unknown $name, and no more",
  ({ text, code }) => {
    const places = placesOf(text);
    assertEquals(places.length, 100);
    assert(places.every((place) => place.startsWith(code)));
  },
);

Deno.test("parsePipeline() lists some of the names that there are, where there are many", () => {
  const variables = Object.fromEntries(
    Array.from({ length: 600 }, (_, i) => [`v${i}`, 1]),
  );
  assertThrows(
    () =>
      parsePipeline(
        { variables, modules: ["${other}"] },
        createModuleRegistry(),
      ),
    NnError,
    "v498, v499 and 100 more",
  );
});
