/**
 * Writes `docs/pipelines_reference.md`: every type that a pipeline can name, with its settings, from the
 * schemas that check them.
 *
 * `deno task docs:pipelines`
 *
 * @module
 */
import type { Json, JsonObject } from "../core/base/mod.ts";
import {
  createModuleRegistry,
  type ModuleDiscoveryRegistry,
} from "../nn/mod.ts";

const INTRODUCTION = `# Types for pipelines

Made by \`deno task docs:pipelines\` from the schemas that check settings; [guides/pipelines.md](guides/pipelines.md)
says how a pipeline is written. A setting without a default that is not required may be left out. Keys may
be written in snake case too. What plugins bring is looked up
the same way: \`registry.getMetadata(type)\`, \`registry.jsonSchema(type)\`.

\`\`\`ts
import { assertEquals } from "@std/assert";
import { createModuleRegistry } from "@spiraltorch/spiraltorch";

const registry = createModuleRegistry();
assertEquals(registry.findByCategory("Attention"), [
  "coherence_scan",
  "multihead_attention",
]);
assertEquals(registry.validate("dropout").config, { probability: 0.5 });
\`\`\`
`;

/** Sizes end there; said of every one of them, it would say nothing. */
const SIZE_MAX = 2 ** 31 - 1;

/**
 * Writes the page.
 *
 * @returns Its text.
 */
export function pipelinesDoc(): string {
  const registry = createModuleRegistry();
  const categories = Map.groupBy(
    registry.listModules(),
    (type) => registry.getMetadata(type)!.category,
  );
  const sections = [...categories].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([category, types]) =>
      [
        `## ${category}`,
        ...types.map((type) => sectionOf(type, registry)),
      ].join("\n\n")
    );
  return [INTRODUCTION, sections.join("\n\n"), ""].join("\n");
}

function sectionOf(type: string, registry: ModuleDiscoveryRegistry): string {
  const { description, parameters } = registry.getMetadata(type)!;
  const settings = Object.entries(objectOf(parameters["properties"]));
  const lines = [`### ${type}`, "", description, ""];
  if (settings.length === 0) return [...lines, "No settings."].join("\n");
  const required = listOf(parameters["required"]);
  const rows = settings.map(([name, schema]) => {
    const given = objectOf(schema)["default"];
    const left = required.includes(name) ? "required" : "";
    const value = given === undefined ? left : `\`${JSON.stringify(given)}\``;
    return `| \`${name}\` | ${textOf(objectOf(schema))} | ${value} |`;
  });
  return [...lines, "| setting | what it is | default |", "| --- | --- | --- |"]
    .concat(rows).join("\n");
}

/** A schema in words. */
function textOf(schema: JsonObject): string {
  const choices = listOf(schema["anyOf"]);
  if (choices.length > 0) {
    return choices.map((choice) => textOf(objectOf(choice))).join("; or ");
  }
  const values = listOf(schema["enum"]);
  if (values.length > 0) {
    return values.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  }
  switch (schema["type"]) {
    case "array":
      return listText(schema);
    case "boolean":
      return "true or false";
    case "integer":
      return `whole number${boundsOf(schema)}`;
    case "number":
      return `number${boundsOf(schema)}`;
    case "object":
      return `{ ${
        Object.entries(objectOf(schema["properties"])).map(([name, inner]) =>
          `\`${name}\`: ${textOf(objectOf(inner))}`
        ).join("; ")
      } }`;
    case "string":
      return "text";
    default:
      throw new Error(`no words for ${JSON.stringify(schema)}`);
  }
}

function listText(schema: JsonObject): string {
  const { minItems, maxItems } = schema;
  const count = minItems === maxItems
    ? `${minItems}`
    : `${minItems} to ${maxItems}`;
  return `list of ${count}, each a ${textOf(objectOf(schema["items"]))}`;
}

function boundsOf(schema: JsonObject): string {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf } =
    schema;
  const bounds = [
    minimum === undefined ? "" : `≥ ${minimum}`,
    exclusiveMinimum === undefined ? "" : `> ${exclusiveMinimum}`,
    maximum === undefined || maximum === SIZE_MAX ? "" : `≤ ${maximum}`,
    exclusiveMaximum === undefined ? "" : `< ${exclusiveMaximum}`,
    multipleOf === undefined ? "" : `a multiple of ${multipleOf}`,
  ].filter((bound) => bound !== "");
  return bounds.length === 0 ? "" : ` ${bounds.join(", ")}`;
}

function objectOf(value: Json | undefined): JsonObject {
  return (value ?? {}) as JsonObject;
}

function listOf(value: Json | undefined): readonly Json[] {
  return (value ?? []) as readonly Json[];
}

if (import.meta.main) {
  await Deno.writeTextFile(
    new URL("../docs/pipelines_reference.md", import.meta.url),
    pipelinesDoc(),
  );
}
