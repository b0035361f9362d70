/** Descriptions as editors see them. Oracle: Ajv, and what our own reader takes and refuses. */
import { assert, assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { load } from "js-yaml";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { parsePipeline } from "./parse_pipeline.ts";

const registry = createModuleRegistry();
const schema = registry.jsonSchema();
const validate = new Ajv2020({ strict: "log", logger: false }).compile(schema);

function isValid(text: string): boolean {
  return validate(load(text));
}

/** Whether our own reader takes it. */
function isRead(text: string): boolean {
  try {
    return parsePipeline(text, registry).version === 1;
  } catch {
    return false;
  }
}

Deno.test("jsonSchema() without a type takes what descriptions may be", () => {
  assert(isValid(`
version: 1
name: everything
variables: { width: 16 }
defaults: { layer_norm: { epsilon: 0.001 } }
input: [batch, 8]
modules:
  - linear: { inFeatures: 8, outFeatures: "\${width}" }
  - relu
  - gelu:
  - { type: linear, id: head, config: { inFeatures: 16, outFeatures: 32 } }
  - repeat: { times: 2, modules: [residual: [tanh]] }
  - branch: { merge: concat, axis: -1, paths: { a: [], b: [{ linear: { inFeatures: 32, outFeatures: 2 } }] } }
  - branch: { merge: add, paths: [relu, [tanh, relu]] }
  - { sequential: [relu], id: last }
  - include: block
  - include: { name: block, variables: { width: 2 } }
outputs: { logits: head }
loss: cross_entropy
optimizer: { adam_w: { learningRate: 0.001 } }
wrappers: [{ clip_gradients: { norm: 1 } }, average_weights]
schedule: { linear_warmup: { then: cosine } }
callbacks: [{ early_stopping: { patience: 3 } }]
`));
});

Deno.test.each<{ text: string }>([
  { text: "name: none" },
  { text: "modules: [rleu]" },
  { text: "modules: [adam]" },
  { text: "modules: []\nloss: relu" },
  { text: "modules: []\nwrappers: [adam]" },
  { text: "modules: [{ linear: { inFeatures: 8 } }]" },
  { text: "modules: [{ linear: { inFeatures: 8, outFeatures: few } }]" },
  { text: "modules: [{ linear: { inFeatures: 8, outFeatures: 2, in: 1 } }]" },
  { text: "modules: [{ type: linear, config: { inFeatures: 8 } }]" },
  { text: "modules: [{ relu: {}, tanh: {} }]" },
  { text: "modules: [{ id: none }]" },
  { text: "modules: [branch: { merge: sum, paths: [relu] }]" },
  { text: "modules: [branch: { merge: add, paths: [] }]" },
  { text: "modules: [repeat: { times: -1, modules: [] }]" },
  { text: "modules: []\ncallbacks: early_stopping" },
  { text: "modules: []\nmodule: []" },
  { text: "modules: []\nversion: 2" },
])("jsonSchema() without a type refuses $text", ({ text }) => {
  assertEquals(isValid(text), false);
});

Deno.test("jsonSchema() without a type takes the examples", async () => {
  const folder = new URL("../../examples/", import.meta.url);
  let count = 0;
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".yaml")) continue;
    const text = await Deno.readTextFile(new URL(name, folder));
    // Types of plugins, and parts of the command line, are not known here.
    if (!isRead(text)) continue;
    assertEquals([name, isValid(text)], [name, true]);
    count++;
  }
  assert(count >= 2);
});

Deno.test("jsonSchema() without a type knows what a plugin has registered", () => {
  const own = createModuleRegistry();
  using _ = own.register({
    type: "acme:swish",
    description: "x times its sigmoid.",
    category: "Activation",
    create: () => {
      throw new TypeError("is not made");
    },
  });
  const read = new Ajv2020({ logger: false }).compile(own.jsonSchema());
  assert(read({ modules: ["acme:swish", { "acme:swish": null }] }));
});
