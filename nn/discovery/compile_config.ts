import type { z } from "zod";
import {
  isPlainObject,
  type Issue,
  type Json,
  type JsonObject,
  printable,
} from "../../core/base/mod.ts";
import { checkJsonSchema } from "./check_json_schema.ts";
import type { ConfigSchema } from "./definition.ts";
import { describeValue } from "./describe_value.ts";
import { normalizeKeys } from "./normalize_keys.ts";
import { joinPath } from "./paths.ts";
import { readByJsonSchema, type ReadValue } from "./read_json_schema.ts";

/** A config that was looked at. */
export type CheckedConfig =
  /** It fits; defaults are filled in. */
  | { readonly config: object; readonly issues: readonly [] }
  /** It does not fit. */
  | { readonly config: undefined; readonly issues: readonly Issue[] };

/** A schema that configs can be checked against. */
export interface CompiledConfig {
  /** The schema as JSON Schema. */
  readonly jsonSchema: JsonObject;
  /**
   * Checks a config.
   *
   * @param config What somebody wrote.
   * @returns The config with defaults filled in, or every issue.
   */
  check(config: unknown): CheckedConfig;
}

/**
 * Prepares a schema for use.
 *
 * @param schema A zod schema or a JSON Schema of an object; no settings at all if left out.
 * @returns The schema, or what is wrong with it.
 */
export function compileConfig(
  schema: ConfigSchema | undefined,
): CompiledConfig | readonly Issue[] {
  try {
    const reader = readerOf(schema ?? { type: "object" });
    if (!("jsonSchema" in reader)) return reader;
    return {
      jsonSchema: reader.jsonSchema,
      check: (config) => check(config, reader),
    };
  } catch (error) {
    // Zod refuses what has no JSON Schema; a schema of a plugin may do anything.
    return [schemaIssue(printable(String(error)))];
  }
}

/** What reads configs by a schema. */
interface Reader {
  readonly jsonSchema: JsonObject;
  read(value: unknown): ReadValue;
}

function readerOf(schema: ConfigSchema): Reader | readonly Issue[] {
  if (isZod(schema)) return readerByZod(schema);
  if (!isJsonObject(schema)) {
    const found = describeValue(schema);
    return [schemaIssue(`Found ${found}, wanted a zod schema or JSON Schema`)];
  }
  const issues = checkJsonSchema(schema);
  if (issues.length > 0) return issues;
  const jsonSchema = closed(schema);
  return { jsonSchema, read: (value) => readByJsonSchema(value, jsonSchema) };
}

// By its methods: who has a schema has loaded zod, and nobody else needs to.
function readerByZod(schema: z.ZodType<object>): Reader | readonly Issue[] {
  if (typeof schema.toJSONSchema !== "function") {
    return [schemaIssue(
      "Found a zod schema without toJSONSchema(), wanted one of zod 4.2 or later",
    )];
  }
  // A copy through text, which has nothing but plain data in it.
  const jsonSchema: JsonObject = JSON.parse(
    JSON.stringify(schema.toJSONSchema({ io: "input" })),
  );
  if (jsonSchema["type"] !== "object") {
    return [schemaIssue("Found no object, wanted a schema of an object")];
  }
  return {
    jsonSchema,
    read(value) {
      const { data, error } = schema.safeParse(value);
      return { value: data, issues: toIssues(error, value) };
    },
  };
}

function isZod(value: unknown): value is z.ZodType<object> {
  return typeof value === "object" && value !== null && "_zod" in value;
}

/** Whatever is in it is looked at next. */
function isJsonObject(value: unknown): value is JsonObject {
  return isPlainObject(value);
}

/** The same schema, in which objects have no keys but those it names. */
function closed(schema: Json): JsonObject {
  const entries = Object.entries(schema as JsonObject).map(([key, value]) => {
    if (key === "items") return [key, closed(value)];
    if (key !== "properties") return [key, value];
    const properties = Object.entries(value as JsonObject)
      .map(([name, property]) => [name, closed(property)]);
    return [key, Object.fromEntries(properties)];
  });
  const copy: JsonObject = Object.fromEntries(entries);
  return copy["type"] === "object"
    ? { properties: {}, ...copy, additionalProperties: false }
    : copy;
}

function check(config: unknown, { jsonSchema, read }: Reader): CheckedConfig {
  const { value, issues } = normalizeKeys(config, jsonSchema);
  try {
    const result = read(value);
    const found = [...issues, ...result.issues];
    return found.length === 0
      ? { config: result.value as object, issues: [] }
      : { config: undefined, issues: found };
  } catch (error) {
    // A schema may call code of its own, which may fail.
    const problem = configIssue("", `Failed: ${printable(String(error))}`);
    return { config: undefined, issues: [...issues, problem] };
  }
}

function toIssues(error: z.ZodError | undefined, value: unknown): Issue[] {
  return error?.issues.map((issue) =>
    configIssue(
      joinPath("", ...issue.path),
      issue.code === "invalid_type"
        ? `Found ${describeValue(at(value, issue.path))}, wanted ${
          EXPECTATIONS[issue.expected] ?? issue.expected
        }`
        : printable(issue.message),
    )
  ) ?? [];
}

const EXPECTATIONS: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "an object",
  string: "text",
};

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Object.getOwnPropertyDescriptor(found, key)?.value;
  }
  return found;
}

function configIssue(path: string, message: string): Issue {
  return { code: "CONFIG_INVALID", path, message };
}

function schemaIssue(message: string): Issue {
  return { code: "SCHEMA_INVALID", path: "config", message };
}
