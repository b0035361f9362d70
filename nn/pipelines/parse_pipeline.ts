import type { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import type { PipelineDescription } from "./description.ts";
import { type ParsePipelineOptions, readPipeline } from "./read_pipeline.ts";

/**
 * Reads the description of a model: YAML or JSON text, or the value that such text stands for.
 * Settings are checked, shapes are run through the modules, nothing is made. A name in a description
 * is looked up in the registry and nowhere else.
 *
 * @example A mistake is found before anything is built
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { createModuleRegistry, parsePipeline } from "@spiraltorch/spiraltorch/nn";
 *
 * const text = `
 * input: [batch, 20]
 * modules:
 *   - linear: { inFeatures: 20, outFeatures: 32 }
 *   - relu
 *   - linear: { inFeatures: 64, outFeatures: 10 }
 * `;
 * assertThrows(
 *   () => parsePipeline(text, createModuleRegistry()),
 *   Error,
 *   '6:5 modules[2]: Found [batch, 32] from "1.relu", wanted [..., 64] for "2.linear"',
 * );
 * ```
 *
 * @example Variables, branches, and values from a command line
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createModuleRegistry, parsePipeline } from "@spiraltorch/spiraltorch/nn";
 *
 * const text = `
 * variables: { width: 8 }
 * input: [batch, 4]
 * modules:
 *   - linear: { inFeatures: 4, outFeatures: "\${width}" }
 *   - repeat: { times: 2, modules: [{ residual: [tanh] }] }
 * `;
 * const { modules } = parsePipeline(text, createModuleRegistry(), {
 *   variables: { width: 16 },
 *   overrides: ["modules.0.bias=false"],
 * });
 * assertEquals(modules[0], {
 *   type: "linear",
 *   config: { inFeatures: 4, outFeatures: 16, bias: false },
 * });
 * ```
 *
 * @param source The text, or the value.
 * @param registry Where module types are looked up.
 * @param options Variables, overrides, and what may be included.
 * @returns The description in one spelling, with defaults filled in.
 * @throws {NnError} `PIPELINE_INVALID` with every issue, up to a hundred, ordered by path.
 */
export function parsePipeline(
  source: unknown,
  registry: ModuleDiscoveryRegistry,
  options: ParsePipelineOptions = {},
): PipelineDescription {
  return readPipeline(source, registry, options).description;
}
