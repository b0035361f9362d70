import { isPlainObject, type JsonObject } from "../../core/base/mod.ts";
import {
  BUILT_KINDS,
  type BuiltKind,
  builtKind,
} from "../discovery/category.ts";
import type { ModuleMetadata } from "../discovery/definition.ts";
import { MERGES } from "../layers/parallel.ts";

/** Where a value may stand for which the text has a variable. */
const VARIABLE: JsonObject = {
  type: "string",
  pattern: "^\\$\\{[^{}]+\\}$",
};

const ITEM: JsonObject = { $ref: "#/$defs/item" };
const ITEMS: JsonObject = { $ref: "#/$defs/items" };
const BLOCK: JsonObject = { anyOf: [ITEM, ITEMS] };
const ID: JsonObject = {
  type: "string",
  description: "What its parameters are named after.",
};
const NAME: JsonObject = { type: "string", minLength: 1 };

/** Parameters with settings of their own. */
const GROUP: JsonObject = {
  ...closed({
    parameters: { anyOf: [NAME, { type: "array", items: NAME, minItems: 1 }] },
    maxRank: { type: "integer", minimum: 0 },
    settings: {
      type: "object",
      description: "Settings of the optimizer that are others for them.",
      minProperties: 1,
    },
  }, ["settings"]),
  minProperties: 2,
};

/**
 * Describes descriptions of models, so that editors complete and check them as they are written. It
 * knows settings by the spelling that they are printed in.
 *
 * @param types The types that may be named.
 * @returns JSON Schema, draft 2020-12.
 */
export function pipelineSchema(types: readonly ModuleMetadata[]): JsonObject {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A model, and what trains it",
    ...closed({
      version: { const: 1 },
      name: { ...NAME, maxLength: 128 },
      variables: { type: "object" },
      defaults: {
        type: "object",
        description: "Settings by types, where a module does not have its own.",
      },
      input: {
        type: "array",
        description: "Sizes of the input, or names of sizes that are free.",
        items: { anyOf: [{ type: "integer", minimum: 1 }, NAME] },
      },
      modules: ITEMS,
      outputs: { type: "object", additionalProperties: NAME },
      loss: kindRef("loss"),
      optimizer: kindRef("optimizer"),
      groups: { type: "array", items: GROUP },
      wrappers: { type: "array", items: kindRef("optimizer wrapper") },
      schedule: kindRef("schedule"),
      callbacks: { type: "array", items: kindRef("callback") },
      metrics: { type: "array", items: kindRef("metric") },
      augmentations: { type: "array", items: kindRef("augmentation") },
    }, ["modules"]),
    $defs: {
      items: { type: "array", items: ITEM },
      item: { anyOf: [kindRef("module"), ...containers()] },
      ...Object.fromEntries(
        BUILT_KINDS.map((kind) => [
          kind,
          partSchema(
            types.filter(({ category }) => builtKind(category) === kind),
          ),
        ]),
      ),
      ...Object.fromEntries(
        types.map((metadata) => [
          configName(metadata),
          withVariables(metadata.parameters),
        ]),
      ),
    },
  };
}

/** A type's name, `{ linear: config }`, or `{ type, id, config }`. */
function partSchema(types: readonly ModuleMetadata[]): JsonObject {
  const names = types.map(({ moduleType }) => moduleType);
  if (names.length === 0) return { not: {} };
  const configs = types.map((metadata) =>
    [metadata.moduleType, {
      description: metadata.description,
      anyOf: [configRef(metadata), { type: "null" }],
    }] as const
  );
  return {
    anyOf: [
      { enum: names },
      {
        ...closed({ ...Object.fromEntries(configs), id: ID }),
        if: { required: ["id"] },
        then: { minProperties: 2, maxProperties: 2 },
        else: { minProperties: 1, maxProperties: 1 },
      },
      {
        ...closed({
          type: { enum: names },
          id: ID,
          config: { type: "object" },
        }, ["type"]),
        allOf: types.map((metadata) => ({
          if: { properties: { type: { const: metadata.moduleType } } },
          then: { properties: { config: configRef(metadata) } },
        })),
      },
    ],
  };
}

/** Entries that hold others. */
function containers(): JsonObject[] {
  const branch = closed({
    merge: { enum: [...MERGES] },
    axis: { type: "integer" },
    paths: {
      anyOf: [
        { type: "array", items: BLOCK, minItems: 1 },
        { type: "object", additionalProperties: BLOCK, minProperties: 1 },
      ],
    },
  }, ["merge", "paths"]);
  const repeat = closed({
    times: { anyOf: [{ type: "integer", minimum: 0 }, VARIABLE] },
    modules: ITEMS,
  }, ["times", "modules"]);
  const include = {
    anyOf: [
      NAME,
      closed({ name: NAME, variables: { type: "object" } }, ["name"]),
    ],
  };
  const held = { branch, include, repeat, residual: BLOCK, sequential: ITEMS };
  return Object.entries(held).map(([key, schema]) =>
    closed({ [key]: schema, id: ID }, [key])
  );
}

/** Settings, each of which may be a variable. */
function withVariables({ properties, ...rest }: JsonObject): JsonObject {
  if (!isPlainObject(properties)) return rest;
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(properties as JsonObject).map(([name, schema]) => [
        name,
        { anyOf: [schema, VARIABLE] },
      ]),
    ),
  };
}

function closed(
  properties: JsonObject,
  required: readonly string[] = [],
): JsonObject {
  return { type: "object", properties, required, additionalProperties: false };
}

function kindRef(kind: BuiltKind): JsonObject {
  return { $ref: `#/$defs/${encodeURIComponent(kind)}` };
}

function configName({ moduleType }: ModuleMetadata): string {
  return `settings of ${moduleType}`;
}

function configRef(metadata: ModuleMetadata): JsonObject {
  return { $ref: `#/$defs/${encodeURIComponent(configName(metadata))}` };
}
