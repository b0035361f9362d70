import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { isCoded, type Issue } from "../../core/base/mod.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import { NnError } from "../errors.ts";
import { parsePipeline } from "./parse_pipeline.ts";

const TEXT = `
version: 1
name: tiny
input: [batch, 20]
modules:
  - linear: { inFeatures: 20, out_features: 32 }
  - tanh:
  - relu
  - { type: linear, id: head, config: { inFeatures: 32, outFeatures: 10, bias: false } }
loss: cross_entropy
optimizer: { adam: { learningRate: 0.01 } }
`;

const CANON = {
  version: 1,
  name: "tiny",
  input: ["batch", 20],
  modules: [
    { type: "linear", config: { inFeatures: 20, outFeatures: 32, bias: true } },
    { type: "tanh", config: {} },
    { type: "relu", config: {} },
    {
      type: "linear",
      id: "head",
      config: { inFeatures: 32, outFeatures: 10, bias: false },
    },
  ],
  loss: { type: "cross_entropy", config: { reduction: "mean" } },
  optimizer: {
    type: "adam",
    config: {
      learningRate: 0.01,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
    },
  },
};

/** The issues that a description is refused for. */
function issuesOf(source: unknown, registry = createModuleRegistry()): Issue[] {
  const error = assertThrows(() => parsePipeline(source, registry), NnError);
  assertEquals(error.code, "PIPELINE_INVALID");
  assert(error.message.startsWith("Cannot read a pipeline: "));
  const { issues } = error.details;
  assert(Array.isArray(issues) && issues.length > 0);
  return issues;
}

function placesOf(source: unknown): string[] {
  return issuesOf(source).map(({ code, path }) => `${code} ${path}`.trim());
}

Deno.test("pipelines: JSON and YAML give equal canon, and so does every spelling", () => {
  const registry = createModuleRegistry();
  const canon = parsePipeline(TEXT, registry);
  assertEquals<unknown>(canon, CANON);
  assertEquals(parsePipeline(JSON.stringify(CANON), registry), canon);
  assertEquals(
    parsePipeline(JSON.stringify(CANON, null, "\t"), registry),
    canon,
  );
  assertEquals(parsePipeline(canon, registry), canon);
});

Deno.test("parsePipeline() needs modules only", () => {
  assertEquals<unknown>(parsePipeline("modules: []", createModuleRegistry()), {
    version: 1,
    modules: [],
  });
});

Deno.test("parsePipeline() says where YAML is broken", () => {
  const [issue] = issuesOf("name: tiny\nmodules: [relu\nloss: mse");
  assertEquals([issue?.line, issue?.column], [3, 1]);
  const error = assertThrows(
    () => parsePipeline("name: tiny\nname: x", createModuleRegistry()),
    NnError,
    'Cannot read a pipeline: 2:1 name: Found the key "name" twice',
  );
  assertEquals(error.code, "PIPELINE_INVALID");
});

Deno.test("parsePipeline() suggests what may have been meant", () => {
  const issues = issuesOf({
    modulse: [],
    modules: ["sigmid", { linear: { infeatures: 1, outFeatures: 1 } }],
    optimizer: "adm",
  });
  assertEquals(
    issues.map(({ path, hint }) => `${path}: ${hint}`),
    [
      'modules[0]: did you mean "sigmoid"?',
      "modules[1].linear.inFeatures: undefined",
      'modules[1].linear.infeatures: did you mean "inFeatures" or "outFeatures"?',
      'modulse: did you mean "modules"?',
      'optimizer: did you mean "adam"?',
    ],
  );
});

Deno.test("pipelines: five issues at once, sorted by path", () => {
  const modules: unknown[] = Array(11).fill("relu");
  modules[2] = { linear: { inFeatures: 1, outFeatures: 0 } };
  modules[10] = "tahn";
  assertEquals(
    placesOf({ nmae: "x", loss: "hinge", modules, input: [-1] }),
    [
      "ENTRY_INVALID input[0]",
      "MODULE_UNKNOWN loss",
      "CONFIG_INVALID modules[2].linear.outFeatures",
      "MODULE_UNKNOWN modules[10]",
      "UNKNOWN_KEY nmae",
    ],
  );
});

function linear(inFeatures: number, outFeatures: number, id?: string) {
  const config = { inFeatures, outFeatures };
  return { type: "linear", config, ...id === undefined ? {} : { id } };
}

Deno.test.each<{ name: string; source: object; message: string; at: number }>([
  {
    name: "the first module",
    source: { input: ["batch", 7], modules: [linear(8, 2)] },
    message: 'Found [batch, 7] from the input, wanted [..., 8] for "0.linear"',
    at: 0,
  },
  {
    name: "a later module",
    source: {
      input: ["batch", 8],
      modules: [linear(8, 4), "relu", linear(5, 2, "head")],
    },
    message: 'Found [batch, 4] from "1.relu", wanted [..., 5] for "head"',
    at: 2,
  },
  {
    name: "a size known by name only",
    source: { input: ["batch", "features"], modules: [linear(8, 4)] },
    message:
      'Found [batch, features] from the input, wanted [..., 8] for "0.linear"',
    at: 0,
  },
  {
    name: "images that were not flattened",
    source: { input: ["batch", 28, 28], modules: [linear(784, 10)] },
    message:
      'Found [batch, 28, 28] from the input, wanted [..., 784] for "0.linear"',
    at: 0,
  },
])(
  "parsePipeline() finds that shapes do not fit $name",
  ({ source, message, at }) => {
    const [issue, ...others] = issuesOf(source);
    assertEquals(others, []);
    assertEquals(issue, {
      code: "SHAPE_CHAIN_MISMATCH",
      path: `modules[${at}]`,
      message,
    });
  },
);

Deno.test("parsePipeline() follows shapes through modules", () => {
  const registry = createModuleRegistry();
  const modules = ["flatten", linear(784, 16), "tanh", linear(16, 10)];
  parsePipeline({ input: ["batch", 28, 28], modules }, registry);
  parsePipeline({ modules: [linear(2, 3), linear(4, 5)] }, registry);
});

Deno.test("parsePipeline() checks shapes up to what cannot tell them", () => {
  const registry = createModuleRegistry();
  registry.register({
    type: "acme:mystery",
    description: "Does not tell.",
    category: "Layer",
    create: () => {
      throw new Error("nothing is made while reading");
    },
  });
  parsePipeline(
    { input: [1, 2], modules: ["acme:mystery", linear(9, 9)] },
    registry,
  );
  const source = { input: [1, 2], modules: [linear(3, 3), "acme:mystery"] };
  const [issue] = issuesOf(source, registry);
  assertEquals(issue?.path, "modules[0]");
});

Deno.test("parsePipeline() reports a type that fails to tell shapes", () => {
  const registry = createModuleRegistry();
  registry.register({
    type: "acme:broken",
    description: "Fails.",
    category: "Layer",
    inferShape: () => {
      throw new Error("no");
    },
    create: () => {
      throw new Error("nothing is made while reading");
    },
  });
  const [issue] = issuesOf({ input: [1], modules: ["acme:broken"] }, registry);
  assertEquals(issue?.code, "SHAPE_CHAIN_MISMATCH");
  assert(issue!.message.includes("no"));
});

Deno.test("parsePipeline() survives values that fail when they are looked at", () => {
  const source = {
    get modules(): never {
      throw new Error("no");
    },
  };
  assertEquals(placesOf(source), ["NOT_PLAIN"]);
});

const entry: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom("relu", "flatten", "linear", "adam", "nope"),
  fc.record({ linear: fc.jsonValue() }),
  fc.record({
    type: fc.constantFrom<unknown>("relu", "linear", 1),
    id: fc.jsonValue(),
    config: fc.anything(),
  }, { requiredKeys: [] }),
  fc.anything(),
);

Deno.test("parsePipeline() never fails without a code", () => {
  const registry = createModuleRegistry();
  const source = fc.oneof(
    fc.anything({ withNullPrototype: true, withDate: true, withMap: true }),
    fc.string(),
    fc.string({ unit: fc.constantFrom(..."[]{}:-,&*!|>'\"#% \n\tab1") }),
    fc.record({
      version: fc.oneof(fc.constant(1), fc.anything()),
      input: fc.array(fc.oneof(fc.integer(), fc.string())),
      modules: fc.array(entry),
      loss: entry,
    }, { requiredKeys: [] }),
  );
  fc.assert(
    fc.property(source, (source) => {
      try {
        const description = parsePipeline(source, registry);
        assertEquals(parsePipeline(description, registry), description);
      } catch (error) {
        assert(isCoded(error) && error.code === "PIPELINE_INVALID", `${error}`);
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("parsePipeline() knows what its registry knows", () => {
  const empty = new ModuleDiscoveryRegistry();
  assertEquals(issuesOf("modules: [relu]", empty).length, 1);
});
