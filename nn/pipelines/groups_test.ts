// Groups of parameters in a description. The oracle is the rule of plain descent with decay, by hand:
// p ← p - η (g + λ p).

import {
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { ones, tensor } from "../../ops/mod.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { NnError } from "../errors.ts";
import { buildPipeline } from "./build_pipeline.ts";
import { parsePipeline } from "./parse_pipeline.ts";
import { printConfig } from "./print_config.ts";

const registry = createModuleRegistry();

const TEXT = `
modules:
  - { type: linear, id: body, config: { inFeatures: 2, outFeatures: 2 } }
  - { type: linear, id: head, config: { inFeatures: 2, outFeatures: 2 } }
optimizer: { sgd: { learningRate: 0.5, weightDecay: 0.1 } }
groups:
  - { maxRank: 1, settings: { weightDecay: 0 } }
  - { parameters: "head.*", settings: { learning_rate: 0.25 } }
`;

function issuesOf(error: NnError): unknown {
  return (error.details["issues"] as { path: string; code: string }[])
    .map(({ path, code }) => [path, code]);
}

Deno.test("buildPipeline() lets groups of parameters take steps by numbers of their own", async () => {
  const description = parsePipeline(TEXT, registry);
  const { model, optimizer } = await buildPipeline(description, registry);
  assertEquals(optimizer!.learningRate, 0.5);
  const parameters = model.parameters();
  const gradients = new Map(
    Array.from(parameters, ([name, { shape }]) => [name, ones(shape)]),
  );
  // A schedule halves all rates.
  const updates = optimizer!.update({
    parameters,
    gradients,
    state: optimizer!.initialState(parameters),
    learningRate: tensor(0.25),
  });
  const expected = new Map([
    ["body.weight", { rate: 0.25, decay: 0.1 }],
    ["body.bias", { rate: 0.25, decay: 0 }],
    ["head.weight", { rate: 0.125, decay: 0.1 }],
    ["head.bias", { rate: 0.25, decay: 0 }],
  ]);
  for (const [name, { rate, decay }] of expected) {
    const old = parameters.get(name)!;
    const [before, after] = [await old.data(), await updates.get(old)!.data()];
    for (const [i, p] of before.entries()) {
      const [was, is] = [Number(p), Number(after[i])];
      assertAlmostEquals(is, was - rate * (1 + decay * was), 1e-6, name);
    }
  }
});

Deno.test("printConfig() writes groups with origins, and they are read as the same", () => {
  const overrides = ["groups.1.settings.learningRate=0.125"];
  const description = parsePipeline(TEXT, registry, { overrides });
  assertEquals(description.groups, [
    { maxRank: 1, settings: { weightDecay: 0 } },
    { parameters: ["head.*"], settings: { learningRate: 0.125 } },
  ]);
  const printed = printConfig(TEXT, registry, { overrides });
  assertEquals(parsePipeline(printed, registry), description);
  assertEquals(/learningRate: 0.125 # override/.test(printed), true, printed);
});

Deno.test("parsePipeline() says what is wrong with groups, in their places", () => {
  const error = assertThrows(
    () =>
      parsePipeline(
        `
modules: [relu]
optimizer: { sgd: { learningRate: 0.5 } }
groups:
  - { settings: { weightDecay: 0 } }
  - { maxRank: -1, settings: { weightDecay: -1, wieght: 1 } }
  - { parameters: [], settings: { weightDecay: 0 } }
  - { parameters: "*", settings: {} }
  - { parameters: [""], settings: 7, rank: 1 }
  - 5
`,
        registry,
      ),
    NnError,
  );
  assertEquals(issuesOf(error), [
    ["groups[0]", "ENTRY_INVALID"],
    ["groups[1].maxRank", "ENTRY_INVALID"],
    ["groups[1].settings.weightDecay", "CONFIG_INVALID"],
    ["groups[1].settings.wieght", "UNKNOWN_KEY"],
    ["groups[2].parameters", "ENTRY_INVALID"],
    ["groups[3].settings", "ENTRY_INVALID"],
    ["groups[4].parameters", "ENTRY_INVALID"],
    ["groups[4].rank", "UNKNOWN_KEY"],
    ["groups[4].settings", "ENTRY_INVALID"],
    ["groups[5]", "ENTRY_INVALID"],
  ]);
  const alone = assertThrows(
    () => parsePipeline("modules: []\ngroups: 5", registry),
    NnError,
  );
  assertEquals(issuesOf(alone), [
    ["groups", "ENTRY_INVALID"],
    ["optimizer", "ENTRY_INVALID"],
  ]);
});

Deno.test("buildPipeline() refuses groups of parameters that are not there", async () => {
  const text = TEXT.replace("head.*", "haed.weight");
  const description = parsePipeline(text, registry);
  const error = await assertRejects(
    () => buildPipeline(description, registry),
    NnError,
    'did you mean "head.weight"?',
  );
  assertEquals(issuesOf(error), [[
    "groups[1].parameters[0]",
    "PARAMETER_UNKNOWN",
  ]]);
});
