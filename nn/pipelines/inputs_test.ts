import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Issue } from "../../core/base/mod.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { NnError } from "../errors.ts";
import { parsePipeline } from "./parse_pipeline.ts";
import { printConfig } from "./print_config.ts";
import type { ParsePipelineOptions } from "./read_pipeline.ts";

const registry = createModuleRegistry();

const TEXT = `variables: { width: 8, hidden: "\${width}" }
input: [batch, 4]
modules:
  - { type: linear, id: body, config: { inFeatures: 4, outFeatures: "\${hidden}" } }
  - relu
  - linear: { in_features: "\${hidden}", outFeatures: 2 }
loss: mse
`;

function issuesOf(source: unknown, options: ParsePipelineOptions): Issue[] {
  const error = assertThrows(
    () => parsePipeline(source, registry, options),
    NnError,
  );
  assertEquals(error.code, "PIPELINE_INVALID");
  const { issues } = error.details;
  assert(Array.isArray(issues));
  return issues as unknown as Issue[];
}

function summaryOf(source: unknown, options: ParsePipelineOptions): string[] {
  return issuesOf(source, options).map(({ code, path, hint }) =>
    [code, path, ...hint ? [hint] : []].join(" ")
  );
}

/** The settings of each module. */
function configsOf(options: ParsePipelineOptions, text = TEXT): unknown[] {
  return parsePipeline(text, registry, options).modules.map((item) =>
    "config" in item ? item.config : item
  );
}

Deno.test("parsePipeline() puts values in the place of variables", () => {
  const [body, , head] = configsOf({});
  assertEquals(body, { inFeatures: 4, outFeatures: 8, bias: true });
  assertEquals(head, { inFeatures: 8, outFeatures: 2, bias: true });
  const [given] = configsOf({ variables: { width: 16 } });
  assertEquals(given, { inFeatures: 4, outFeatures: 16, bias: true });
});

Deno.test("parsePipeline() reports variables that are not there", () => {
  assertEquals(summaryOf(TEXT.replace("{hidden}", "{hiden}"), {}), [
    'VARIABLE_UNKNOWN modules[0].config.outFeatures did you mean "hidden"?',
    "CONFIG_INVALID modules[0].config.outFeatures",
  ]);
  assertEquals(summaryOf(TEXT, { variables: { witdh: 1 } }), [
    'VARIABLE_UNKNOWN variables.witdh did you mean "width"?',
  ]);
  assertEquals(summaryOf({ variables: [], modules: [] }, {}), [
    "ENTRY_INVALID variables",
  ]);
  assertEquals(summaryOf({ variables: { "a b": 1 }, modules: [] }, {}), [
    "ENTRY_INVALID variables.a b",
  ]);
});

Deno.test("parsePipeline() refuses variables that grow without end", () => {
  const variables: Record<string, unknown> = { v0: Array(10).fill(1) };
  for (let i = 1; i < 20; i++) {
    variables[`v${i}`] = Array(10).fill(`\${v${i - 1}}`);
  }
  const codes = issuesOf({ variables, modules: [], name: "${v19}" }, {});
  assert(codes.some(({ code }) => code === "TOO_LARGE"));
});

Deno.test.each([
  { override: "modules.0.outFeatures=64", key: "outFeatures", want: 64 },
  {
    override: "modules[0].config.outFeatures=64",
    key: "outFeatures",
    want: 64,
  },
  { override: "modules.body.bias=false", key: "bias", want: false },
  { override: "modules.body.in_features = 6", key: "inFeatures", want: 6 },
  { override: "variables.width=5", key: "outFeatures", want: 5 },
])("parsePipeline() with $override", ({ override, key, want }) => {
  // Shapes are another matter.
  const text = TEXT.replace("input: [batch, 4]\n", "");
  const [body] = configsOf({ overrides: [override] }, text);
  assertEquals((body as Record<string, unknown>)[key], want);
});

Deno.test("parsePipeline() puts overrides in short entries, bare types and other parts", () => {
  const overrides = [
    "name=deep",
    "input=[7, 4]",
    "modules.2.inFeatures=8",
    "modules.2.bias=false",
    "modules.1=tanh",
    "loss.reduction=sum",
    "optimizer=sgd",
    "optimizer.learningRate=0.5",
  ];
  const description = parsePipeline(TEXT, registry, { overrides });
  assertEquals(description.name, "deep");
  assertEquals(description.input, [7, 4]);
  assertEquals(description.modules.slice(1), [
    { type: "tanh", config: {} },
    { type: "linear", config: { inFeatures: 8, outFeatures: 2, bias: false } },
  ]);
  assertEquals(description.loss!.config, { reduction: "sum" });
  assertEquals(
    (description.optimizer!.config as { learningRate: number }).learningRate,
    0.5,
  );
});

Deno.test("parsePipeline() begins a part that only overrides speak of", () => {
  for (const text of ["modules: [relu]", "modules: [relu]\nmine:"]) {
    const seen: unknown[] = [];
    parsePipeline(text, registry, {
      overrides: ["mine.a=1", "mine.b=2"],
      parts: {
        mine: (value) => {
          seen.push(value);
          return [];
        },
      },
    });
    assertEquals(seen, [{ a: 1, b: 2 }]);
  }
});

Deno.test("parsePipeline() leaves the caller's value as it was", () => {
  const source = { modules: [{ linear: { inFeatures: 1, outFeatures: 1 } }] };
  const before = structuredClone(source);
  parsePipeline(source, registry, { overrides: ["modules.0.bias=false"] });
  assertEquals(source, before);
});

Deno.test.each([
  { override: "nothing", want: "ENTRY_INVALID overrides[0]" },
  { override: "a..b=1", want: "ENTRY_INVALID overrides[0]" },
  { override: "__proto__.x=1", want: "ENTRY_INVALID overrides[0]" },
  { override: "name=[1", want: "ENTRY_INVALID overrides[0]" },
  { override: "modules.7.bias=1", want: "OVERRIDE_UNKNOWN overrides[0]" },
  {
    override: "modules.bodi.bias=false",
    want: 'OVERRIDE_UNKNOWN overrides[0] did you mean "body"?',
  },
  { override: "version.x=1", want: "OVERRIDE_UNKNOWN overrides[0]" },
  { override: "schedule.then=cosine", want: "OVERRIDE_UNKNOWN overrides[0]" },
  { override: "toString.x=1", want: "UNKNOWN_KEY toString" },
  {
    override: "modules.0.outFeatuers=1",
    want:
      'UNKNOWN_KEY modules[0].config.outFeatuers did you mean "outFeatures"?',
  },
  { override: "nmae=x", want: 'UNKNOWN_KEY nmae did you mean "name"?' },
])("parsePipeline() refuses the override $override", ({ override, want }) => {
  assertEquals(
    summaryOf(`version: 1\n${TEXT}`, { overrides: [override] }),
    [want],
  );
});

const BLOCK = `
variables: { width: 4 }
modules:
  - residual: [{ linear: { inFeatures: "\${width}", outFeatures: "\${width}" } }, relu]
`;

Deno.test("parsePipeline() includes what the caller has given", () => {
  const source = {
    input: [1, 4],
    modules: [
      { include: "block" },
      { id: "wide", include: { name: "block", variables: { width: 4 } } },
    ],
  };
  const asked: string[] = [];
  const load = (name: string) => (asked.push(name), BLOCK);
  const byTable = parsePipeline(source, registry, {
    includes: { block: BLOCK },
  });
  assertEquals(parsePipeline(source, registry, { includes: load }), byTable);
  assertEquals(asked, ["block", "block"]);
  const [first, second] = byTable.modules;
  assertEquals(second, { id: "wide", ...first! });
  assertEquals(
    printConfig(source, registry, { includes: { block: BLOCK } })
      .includes("inFeatures: 4 # variable width"),
    true,
  );
});

Deno.test.each<{ name: string; include: unknown; want: string }>([
  {
    name: "a name that nothing has",
    include: "blok",
    want: 'INCLUDE_UNKNOWN modules[0].include did you mean "block"?',
  },
  {
    name: "a URL",
    include: "https://example.com/a.yaml",
    want: "ENTRY_INVALID modules[0].include",
  },
  {
    name: "a path",
    include: "../a.yaml",
    want: "ENTRY_INVALID modules[0].include",
  },
  {
    name: "a name that objects have",
    include: "constructor",
    want: "INCLUDE_UNKNOWN modules[0].include",
  },
  {
    name: "a description in itself",
    include: "loop",
    want:
      "INCLUDE_LOOP modules[0].include(loop).modules[0].include(other).modules[0].include",
  },
  {
    name: "what is wrong itself",
    include: "wrong",
    want:
      'MODULE_UNKNOWN modules[0].include(wrong).modules[0] did you mean "relu" or "gelu"?',
  },
  {
    name: "what cannot be read",
    include: "broken",
    want: "YAML modules[0].include(broken)",
  },
  {
    name: "unknown variables",
    include: { name: "block", variables: { depth: 1 } },
    want: "VARIABLE_UNKNOWN modules[0].include(block).variables.depth",
  },
])("parsePipeline() refuses to include $name", ({ include, want }) => {
  const includes = {
    block: BLOCK,
    loop: "modules: [{ include: other }]",
    other: "modules: [{ include: loop }]",
    wrong: "modules: [rellu]",
    broken: "modules: [",
  };
  assertEquals(summaryOf({ modules: [{ include }] }, { includes }), [want]);
});

Deno.test("parsePipeline() reports a loader that fails", () => {
  const includes = () => {
    throw new Error("no such block");
  };
  const [issue] = issuesOf({ modules: [{ include: "a" }] }, { includes });
  assertEquals(issue?.code, "INCLUDE_FAILED");
  assert(issue!.message.includes("no such block"));
});

Deno.test("parsePipeline() refuses includes that grow without end", () => {
  const includes = (name: string) => {
    const level = Number(name.slice(1));
    const entry = level < 4 ? { include: `b${level + 1}` } : "relu";
    return { modules: Array(20).fill(entry) };
  };
  const issues = issuesOf({ modules: [{ include: "b0" }] }, { includes });
  assert(issues.some(({ code }) => code === "TOO_LARGE"));
});

Deno.test("printConfig() says where each setting comes from, and reads back", () => {
  const text = `${TEXT}defaults: { linear: { bias: false } }\n`;
  const overrides = ["modules.2.outFeatures=3"];
  const printed = printConfig(text, registry, { overrides });
  assertEquals(
    printed,
    `version: 1
input: [batch, 4]
modules:
  - id: body
    type: linear
    config:
      inFeatures: 4 # line 4
      outFeatures: 8 # variable hidden
      bias: false # defaults
  - type: relu
    config: {}
  - type: linear
    config:
      inFeatures: 8 # variable hidden
      outFeatures: 3 # override
      bias: false # defaults
loss:
  type: mse
  config:
    reduction: mean # default
`,
  );
  assertEquals(
    parsePipeline(printed, registry),
    parsePipeline(text, registry, { overrides }),
  );
});

Deno.test("parsePipeline() hands further parts to those who read them, and places what is wrong", () => {
  const seen: unknown[] = [];
  const parts = {
    data: (value: unknown) => {
      seen.push(value);
      return [
        { code: "CONFIG_INVALID", path: "file", message: "Found no file" },
        { code: "CONFIG_INVALID", path: "", message: "Found too little" },
      ];
    },
    training: (value: unknown) => {
      seen.push(value);
      return [];
    },
  };
  const text = `${TEXT}data: { columns: ["\${width}"], file: a }\n`;
  const issues = issuesOf(text, { parts, overrides: ["data.file=b"] });
  assertEquals(seen, [{ columns: [8], file: "b" }, undefined]);
  assertEquals(
    issues.map(({ path, line, column }) => `${path} ${line}:${column}`),
    ["data 8:7", "data.file 8:38"],
  );
  // Nobody asked for it: a mistake.
  assertEquals(summaryOf(text, {}), ["UNKNOWN_KEY data"]);
});
