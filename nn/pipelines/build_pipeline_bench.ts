// What it costs to read, check and build a model of a hundred modules. Goal: 50 ms, without weights.

import { createModuleRegistry } from "../discovery/create_module_registry.ts";
import { buildPipeline } from "./build_pipeline.ts";
import { parsePipeline } from "./parse_pipeline.ts";

const COUNT = 100;
const registry = createModuleRegistry();

function yaml(entry: (index: number) => string): string {
  const entries = Array.from({ length: COUNT }, (_, index) => entry(index));
  return `input: [batch, 16]\nmodules:\n${
    entries.map((text) => `  - ${text}\n`).join("")
  }`;
}

const PLAIN = ["relu", "tanh", "gelu", "sigmoid"];
const TEXTS = {
  "without weights": yaml((index) => PLAIN[index % PLAIN.length]!),
  "every second with 16 × 16 weights": yaml((index) =>
    index % 2 === 0 ? "relu" : "linear: { inFeatures: 16, outFeatures: 16 }"
  ),
};

for (const [name, text] of Object.entries(TEXTS)) {
  const description = parsePipeline(text, registry);
  Deno.bench(`parsePipeline() of ${COUNT} modules, ${name}`, () => {
    parsePipeline(text, registry);
  });
  Deno.bench(`buildPipeline() of ${COUNT} modules, ${name}`, async () => {
    await buildPipeline(description, registry);
  });
}
