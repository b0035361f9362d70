/**
 * Thousands of broken descriptions: each gives issues or a model, never another failure.
 * `deno task test:pipelines` runs 10,000.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isCoded } from "../../core/base/mod.ts";
import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { parsePipeline } from "./parse_pipeline.ts";
import { printConfig } from "./print_config.ts";

const TEXT = `version: 1
name: tiny
variables: { width: 8, hidden: "\${width}" }
defaults: { linear: { bias: false } }
input: [batch, 4]
modules:
  - linear: &body { inFeatures: 4, outFeatures: "\${width}" }
  - gelu # a comment
  - branch:
      merge: concat
      axis: -1
      paths:
        a: [{ linear: { in_features: 8, outFeatures: 8 } }]
        b: []
  - { type: linear, id: head, config: { inFeatures: 16, outFeatures: 4 } }
  - repeat: { times: 2, modules: [{ residual: [{ linear: { inFeatures: 4, outFeatures: 4, init: { name: orthogonal, gain: 2 } } }, relu] }] }
  - { include: block }
  - linear: *body
outputs: { logits: head }
loss: cross_entropy
optimizer: { adam_w: { learningRate: 0.001 } }
groups: [{ parameters: "*.bias", maxRank: 1, settings: { weightDecay: 0 } }]
wrappers: [{ clip_gradients: { norm: 1 } }]
metrics: [f1_score, { type: top_k_accuracy, id: top2, config: { k: 2 } }]
augmentations: [{ gaussian_noise: { deviation: 0.1 } }]
`;

/** What descriptions are made of, and what YAML, JavaScript and shells take for something else. */
const PIECES = [
  ..." \n\t:-[]{},&*!|>'\"%#@\\$=~?.0159",
  "\n  - ",
  "<<: *body",
  "&a [*a]",
  "*body",
  "&body",
  "!!js/function",
  "---\n",
  "__proto__: ",
  "constructor",
  "${width}",
  "${nothing}",
  "include: loop",
  "repeat: { times: 9999, modules: [relu] }",
  "1e400",
  "-1",
  ".nan",
  "null",
  "https://example.com/x.ts",
  "\u0000",
  "\u{1F600}",
  "\ud800",
];

interface Change {
  readonly kind: "copy" | "delete" | "insert" | "replace";
  readonly at: number;
  readonly length: number;
  readonly piece: string;
}

/** One change to a text. */
const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("copy", "delete", "insert", "replace"),
  at: fc.nat(TEXT.length),
  length: fc.nat(30),
  piece: fc.constantFrom(...PIECES),
});

function mutate(text: string, { kind, at, length, piece }: Change): string {
  const [before, part] = [text.slice(0, at), text.slice(at, at + length)];
  const after = text.slice(at + length);
  switch (kind) {
    case "copy":
      return before + part + part + after;
    case "delete":
      return before + after;
    case "insert":
      return before + piece + part + after;
    case "replace":
      return before + piece + after;
    default:
      return kind satisfies never;
  }
}

/** How many descriptions are read: 1,000, unless the environment says otherwise and may be read. */
function runsWanted(): number {
  const { state } = Deno.permissions.querySync({
    name: "env",
    variable: "RUNS",
  });
  return Number(state === "granted" && Deno.env.get("RUNS") || 1000);
}

Deno.test("parsePipeline() of mutated YAML gives issues or a description, never a crash or a hang", () => {
  const registry = createModuleRegistry();
  const includes = {
    block: "modules: [relu]",
    loop: "modules: [relu, { include: loop }]",
  };
  let [descriptions, refusals] = [0, 0];
  const property = fc.property(
    fc.array(change, { minLength: 1, maxLength: 3 }),
    (changes) => {
      const text = changes.reduce(mutate, TEXT);
      const options = { includes };
      try {
        const description = parsePipeline(text, registry, options);
        const printed = printConfig(description, registry);
        assertEquals(parsePipeline(printed, registry), description);
        descriptions++;
      } catch (error) {
        assert(
          isCoded(error) && error.code === "PIPELINE_INVALID",
          `${error} for ${JSON.stringify(text)}`,
        );
        refusals++;
      }
    },
  );
  fc.assert(property, { seed: 1, numRuns: runsWanted() });
  assert(descriptions > 0 && refusals > 0);
  assertEquals("polluted" in {}, false);
});

Deno.test("pipelines: alias bomb: aliases of aliases of aliases are refused", () => {
  const levels = Array.from(
    { length: 30 },
    (_, i) => `  v${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`,
  );
  const text = `variables:\n  v0: &a0 [x]\n${levels.join("\n")}\nmodules: *a30`;
  try {
    parsePipeline(text, createModuleRegistry());
    assert(false);
  } catch (error) {
    assert(isCoded(error) && error.message.includes("more than 10000"));
  }
});
