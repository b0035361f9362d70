import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Issue } from "../../core/base/mod.ts";
import { ones } from "../../ops/mod.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { NnError } from "../errors.ts";
import { MERGES } from "../layers/parallel.ts";
import { Relu } from "../layers/relu.ts";
import { buildPipeline } from "./build_pipeline.ts";
import { parsePipeline } from "./parse_pipeline.ts";
import type { ParsePipelineOptions } from "./read_pipeline.ts";

const registry = createModuleRegistry();

function linear(inFeatures: number, outFeatures: number) {
  return { linear: { inFeatures, outFeatures } };
}

function issuesOf(source: unknown, options: ParsePipelineOptions = {}) {
  const error = assertThrows(
    () => parsePipeline(source, registry, options),
    NnError,
    "Cannot read a pipeline: ",
  );
  const { issues } = error.details;
  assert(Array.isArray(issues));
  return issues as unknown as Issue[];
}

function placesOf(source: unknown, options?: ParsePipelineOptions): string[] {
  return issuesOf(source, options).map(({ code, path }) => `${code} ${path}`);
}

Deno.test("pipelines: the example above: every part of the format", async () => {
  const description = parsePipeline(
    `
version: 1
name: tiny
input: [batch, 20]            # numbers or names; a name is a free size, equal wherever it recurs
modules:
  - linear: { inFeatures: 20, outFeatures: 32 }
  - gelu                      # a bare type has the default config
  - branch: { merge: concat, axis: -1, paths: { a: [{ linear: { inFeatures: 32, outFeatures: 8 } }], b: [] } }
  - { type: linear, id: head, config: { inFeatures: 40, outFeatures: 10 } }
loss: cross_entropy
optimizer: { adam_w: { learningRate: 0.001 } }
`,
    registry,
  );
  const { model } = await buildPipeline(description, registry);
  assertEquals([...model.parameters().keys()], [
    "0.linear.weight",
    "0.linear.bias",
    "2.branch.a.0.linear.weight",
    "2.branch.a.0.linear.bias",
    "head.weight",
    "head.bias",
  ]);
  assertEquals(model.forward(ones([3, 20])).shape, [3, 10]);
});

Deno.test.each(MERGES.map((merge) => ({ merge })))(
  "pipelines: branch shapes for every merge: $merge",
  async ({ merge }) => {
    const branch = { merge, paths: [[linear(4, 6)], [linear(4, 6), "relu"]] };
    const source = { input: [5, 4], modules: [{ branch }] };
    const { model } = await buildPipeline(
      parsePipeline(source, registry),
      registry,
    );
    const { shape } = model.forward(ones([5, 4]));
    const message = `Found [${shape.join(", ")}] from "0.branch"`;
    const [issue] = issuesOf({
      ...source,
      modules: [{ branch }, linear(99, 1)],
    });
    assert(issue!.message.startsWith(message), `${issue!.message} ${message}`);
  },
);

Deno.test.each<{ name: string; branch: object; want: string }>([
  {
    name: "sums of different shapes",
    branch: { merge: "add", paths: { a: [], b: [linear(4, 6)] } },
    want:
      'Found [batch, 4] and [batch, 6] from the paths of "0.branch", wanted equal shapes for "add"',
  },
  {
    name: "an axis that is not there",
    branch: { merge: "concat", axis: 2, paths: [[], []] },
    want:
      'Found [batch, 4] and [batch, 4] from the paths of "0.branch", wanted an axis from -2 to 1',
  },
  {
    name: "a stack of different shapes",
    branch: { merge: "stack", paths: [[], [linear(4, 6)]] },
    want:
      'Found [batch, 4] and [batch, 6] from the paths of "0.branch", wanted equal shapes for "stack"',
  },
  {
    name: "others sizes along another axis",
    branch: { merge: "concat", axis: 0, paths: [[], [linear(4, 6)]] },
    want:
      'Found [batch, 4] and [batch, 6] from the paths of "0.branch", wanted shapes that are equal but along axis 0',
  },
])("parsePipeline() refuses $name", ({ branch, want }) => {
  const source = { input: ["batch", 4], modules: [{ branch }] };
  const [issue, ...others] = issuesOf(source);
  assertEquals(others, []);
  assertEquals(issue, {
    code: "MERGE_SHAPE",
    path: "modules[0]",
    message: want,
  });
});

/** A registry with a type that exchanges rows and columns. */
function registryThatTurns() {
  const own = createModuleRegistry();
  own.register({
    type: "acme:turn",
    description: "Exchanges rows and columns.",
    category: "Layer",
    inferShape: (_, [x]) => x!.toReversed(),
    create: () => new Relu(),
  });
  return own;
}

Deno.test("pipelines: symbolic size clash: names are sizes of their own, and one name is one size", () => {
  const own = registryThatTurns();
  const turned = (input: readonly string[]) => () =>
    parsePipeline({ input, modules: [{ residual: ["acme:turn"] }] }, own);
  turned(["n", "n"])();
  const error = assertThrows(
    turned(["rows", "columns"]),
    NnError,
    "Found [rows, columns]",
  );
  assertEquals(error.code, "PIPELINE_INVALID");
  assertEquals(
    placesOf({ input: ["batch", "features"], modules: [linear(8, 4)] }),
    ["SHAPE_CHAIN_MISMATCH modules[0]"],
  );
});

Deno.test("pipelines: nested branch in repeat: each copy has parameters of its own", async () => {
  const inner = {
    branch: { merge: "mul", paths: { p: [linear(4, 4)], q: [] } },
  };
  const outer = {
    branch: { merge: "add", paths: { a: [inner], b: ["relu"] } },
  };
  const source = {
    input: ["batch", 4],
    modules: [{ repeat: { times: 2, modules: [outer] } }],
  };
  const description = parsePipeline(source, registry);
  const { model } = await buildPipeline(description, registry);
  const names = [...model.parameters().keys()];
  assertEquals(names.length, 4);
  assertEquals(new Set(model.parameters().values()).size, 4);
  assertEquals(model.forward(ones([3, 4])).shape, [3, 4]);
  const paths = { a: [inner], b: [linear(4, 5)] };
  assertEquals(
    placesOf({
      ...source,
      modules: [{
        repeat: { times: 2, modules: [{ branch: { merge: "add", paths } }] },
      }],
    }),
    ["MERGE_SHAPE modules[0].repeat.modules[0]"],
  );
});

Deno.test("parsePipeline() refuses a residual that changes the shape", () => {
  const residual = [linear(4, 6)];
  assertEquals(
    placesOf({ input: [1, 4], modules: [{ residual }] }),
    ["MERGE_SHAPE modules[0]"],
  );
});

Deno.test("parsePipeline() looks at all paths at once, however deep", () => {
  const branch = {
    merge: "add",
    paths: {
      a: [{ residual: ["relu", linear(5, 4)] }],
      b: [{ repeat: { times: 3, modules: [linear(6, 4)] } }],
    },
  };
  assertEquals(placesOf({ input: [1, 4], modules: [{ branch }] }), [
    "SHAPE_CHAIN_MISMATCH modules[0].branch.paths.a[0].residual[1]",
    "SHAPE_CHAIN_MISMATCH modules[0].branch.paths.b[0].repeat.modules[0]",
  ]);
});

Deno.test("parsePipeline() reports issues of every kind at once, with lines and columns", () => {
  const text = `version: 2
input: [batch, 4]
modules:
  - linear: { inFeatures: 4, outFeatures: 8 }
  - residual:
      - { linear: { inFeatures: 8, outFeatuers: 8 } }
      - sigmid
  - branch: { merge: sum, paths: {} }
  - { type: linear, id: head, config: { inFeatures: 9, outFeatures: "10" } }
outputs: { logits: haed }
`;
  assertEquals(
    issuesOf(text).map(({ code, path, line, column, hint }) =>
      [`${line}:${column}`, code, path, ...hint ? [hint] : []].join(" ")
    ),
    [
      '6:36 UNKNOWN_KEY modules[1].residual[0].linear.outFeatuers did you mean "outFeatures"?',
      "6:19 CONFIG_INVALID modules[1].residual[0].linear.outFeatures",
      '7:9 MODULE_UNKNOWN modules[1].residual[1] did you mean "sigmoid"?',
      "8:22 ENTRY_INVALID modules[2].branch.merge",
      "8:34 ENTRY_INVALID modules[2].branch.paths",
      "9:69 CONFIG_INVALID modules[3].config.outFeatures",
      "1:10 VERSION_UNSUPPORTED version",
    ],
  );
});

Deno.test("parsePipeline() gives each copy parameters of its own", async () => {
  const source = {
    modules: [{
      id: "trunk",
      repeat: { times: 3, modules: [{ residual: [linear(4, 4), "tanh"] }] },
    }],
  };
  const description = parsePipeline(source, registry);
  assertEquals(parsePipeline(description, registry), description);
  const { model } = await buildPipeline(description, registry);
  const weights = [...model.parameters()].filter(([name]) =>
    name.endsWith("weight")
  );
  assertEquals(
    weights.map(([name]) => name),
    [0, 1, 2].map((i) =>
      `trunk.${i}.sequential.0.residual.inner.0.linear.weight`
    ),
  );
  const values = await Promise.all(
    weights.map(async ([, weight]) => String(await weight.data())),
  );
  assertEquals(new Set(values).size, 3);
});

Deno.test.each<{ name: string; entry: unknown; want: string[] }>([
  {
    name: "too many copies",
    entry: { repeat: { times: 10_001, modules: [] } },
    want: ["ENTRY_INVALID modules[0].repeat.times"],
  },
  {
    name: "copies of copies without end",
    entry: {
      repeat: {
        times: 1000,
        modules: [{ repeat: { times: 1000, modules: ["relu"] } }],
      },
    },
    want: ["TOO_LARGE modules[0].repeat"],
  },
  {
    name: "a branch without paths",
    entry: { branch: { merge: "add", paths: {} } },
    want: ["ENTRY_INVALID modules[0].branch.paths"],
  },
  {
    name: "an axis of a sum",
    entry: { branch: { merge: "add", axis: 0, paths: [[]] } },
    want: ["ENTRY_INVALID modules[0].branch.axis"],
  },
  {
    name: "names that are none",
    entry: { branch: { merge: "add", paths: { "a.b": [], constructor: [] } } },
    want: [
      "ENTRY_INVALID modules[0].branch.paths.a.b",
      "ENTRY_INVALID modules[0].branch.paths.constructor",
    ],
  },
  {
    name: "keys beside a container",
    entry: { residual: [], linear: {} },
    want: ["UNKNOWN_KEY modules[0].linear"],
  },
  {
    name: "an id twice in a path",
    entry: {
      sequential: [{ type: "relu", id: "a" }, { residual: [], id: "a" }],
    },
    want: ["DUPLICATE_ID modules[0].sequential[1].id"],
  },
])("parsePipeline() refuses $name", ({ entry, want }) => {
  assertEquals(placesOf({ modules: [entry] }), want);
});

Deno.test("parsePipeline() under strict wants every shape to be known", () => {
  const own = createModuleRegistry();
  own.register({
    type: "acme:mystery",
    description: "Does not tell.",
    category: "Layer",
    create: () => new Relu(),
  });
  const source = { input: [1], modules: ["relu", "acme:mystery", "relu"] };
  parsePipeline(source, own);
  const error = assertThrows(
    () => parsePipeline(source, own, { strict: true }),
    NnError,
    "modules[1]: Found a module that does not tell its shape",
  );
  assertEquals(error.code, "PIPELINE_INVALID");
});

Deno.test("buildPipeline() gives outputs their names", async () => {
  const text = `
input: [batch, 4]
modules:
  - { type: linear, id: body, config: { inFeatures: 4, outFeatures: 3 } }
  - relu
  - { type: linear, id: head, config: { inFeatures: 3, outFeatures: 2 } }
outputs: { features: 1.relu, logits: head }
`;
  const description = parsePipeline(text, registry);
  const { model } = await buildPipeline(description, registry);
  const x = ones([5, 4]);
  const outputs = model.forwardOutputs(x);
  assertEquals([...outputs.keys()], ["features", "logits"]);
  assertEquals(outputs.get("features")!.shape, [5, 3]);
  assertEquals(
    await outputs.get("logits")!.data(),
    await model.forward(x).data(),
  );
  assertEquals(placesOf(text.replace("logits: head", "logits: haed")), [
    "OUTPUT_UNKNOWN outputs.logits",
  ]);
});

Deno.test("parsePipeline() fills in what a description says for a type", () => {
  const source = {
    defaults: {
      linear: { bias: false, in_features: 4 },
      mse: { reduction: "sum" },
    },
    modules: [
      { linear: { outFeatures: 2 } },
      { linear: { in_features: 2, outFeatures: 2, bias: true } },
    ],
    loss: "mse",
  };
  const { modules, loss } = parsePipeline(source, registry);
  assertEquals(modules, [
    { type: "linear", config: { inFeatures: 4, outFeatures: 2, bias: false } },
    { type: "linear", config: { inFeatures: 2, outFeatures: 2, bias: true } },
  ]);
  assertEquals(loss!.config, { reduction: "sum" });
  assertEquals(
    placesOf({
      defaults: { linaer: {}, relu: { x: 1 }, tanh: 3 },
      modules: [],
    }),
    [
      "MODULE_UNKNOWN defaults.linaer",
      "UNKNOWN_KEY defaults.relu.x",
      "ENTRY_INVALID defaults.tanh",
    ],
  );
});
