import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { z } from "zod";
import type { Issue } from "../../core/base/mod.ts";
import { compileConfig, type CompiledConfig } from "./compile_config.ts";
import type { ConfigSchema } from "./definition.ts";

function compiled(schema: ConfigSchema | undefined): CompiledConfig {
  const config = compileConfig(schema);
  assert("check" in config, "the schema is fine");
  return config;
}

function refused(schema: ConfigSchema): readonly Issue[] {
  const issues = compileConfig(schema);
  assert(!("check" in issues), "the schema is refused");
  return issues;
}

const ZOD = z.strictObject({
  size: z.int().positive(),
  rate: z.number().min(0).lt(1).default(0.5),
  mode: z.enum(["slow", "fast"]).default("slow"),
});

/** The same as JSON Schema, without any code. */
const JSON_SCHEMA = {
  type: "object",
  properties: {
    size: { type: "integer", exclusiveMinimum: 0 },
    rate: { type: "number", minimum: 0, exclusiveMaximum: 1, default: 0.5 },
    mode: { type: "string", enum: ["slow", "fast"], default: "slow" },
  },
  required: ["size"],
};

for (
  const [kind, schema] of [["zod", ZOD], ["JSON Schema", JSON_SCHEMA]] as const
) {
  Deno.test(`compileConfig() fills in defaults from ${kind}`, () => {
    assertEquals(compiled(schema).check({ size: 3 }), {
      config: { size: 3, rate: 0.5, mode: "slow" },
      issues: [],
    });
  });

  Deno.test.each([
    { value: {}, path: "size", message: "Found nothing, wanted a number" },
    {
      value: { size: "3" },
      path: "size",
      message: 'Found "3", wanted a number',
    },
    { value: { size: 0 }, path: "size", message: undefined },
    {
      value: { size: 1.5 },
      path: "size",
      message: "Found 1.5, wanted a whole number",
    },
    {
      value: { size: NaN },
      path: "size",
      message: "Found NaN, wanted a number",
    },
    { value: { size: 1, rate: 1 }, path: "rate", message: undefined },
    { value: { size: 1, rate: -1 }, path: "rate", message: undefined },
    { value: { size: 1, mode: "Fast" }, path: "mode", message: undefined },
    { value: { size: 1, sise: 2 }, path: "sise", message: undefined },
    { value: [], path: "", message: "Found a list, wanted an object" },
    { value: null, path: "", message: "Found null, wanted an object" },
    { value: "size", path: "", message: 'Found "size", wanted an object' },
  ])(
    `compileConfig() from ${kind} refuses $value`,
    ({ value, path, message }) => {
      const { config, issues } = compiled(schema).check(value);
      assertEquals(config, undefined);
      assertEquals(issues.map((issue) => issue.path), [path]);
      if (message !== undefined) assertEquals(issues[0]!.message, message);
    },
  );

  Deno.test(`compileConfig() from ${kind} reports everything at once`, () => {
    const value = { rate: "x", mode: 1, speed: 2 };
    const { issues } = compiled(schema).check(value);
    assertEquals(issues.map(({ code, path }) => `${code} ${path}`).sort(), [
      "CONFIG_INVALID mode",
      "CONFIG_INVALID rate",
      "CONFIG_INVALID size",
      "UNKNOWN_KEY speed",
    ]);
  });

  Deno.test(`compileConfig() from ${kind} describes itself as JSON Schema`, () => {
    const { jsonSchema } = compiled(schema);
    assertEquals(jsonSchema["type"], "object");
    assertEquals(jsonSchema["additionalProperties"], false);
    const { properties } = jsonSchema;
    assertEquals(Object.keys(properties as object), ["size", "rate", "mode"]);
    // What it says of itself describes the same configs.
    const again = compiled(schemaWithoutNoise(jsonSchema));
    fc.assert(
      fc.property(
        fc.record({
          size: fc.oneof(fc.integer({ min: -2, max: 5 }), fc.double()),
          rate: fc.double({ min: -1, max: 2 }),
          mode: fc.constantFrom("slow", "fast", "other"),
        }, { requiredKeys: [] }),
        (value) => {
          assertEquals(
            again.check(value).config,
            compiled(schema).check(value).config,
          );
        },
      ),
      { seed: 1 },
    );
  });
}

/** Zod bounds whole numbers by what can be counted exactly, which is no keyword's business. */
function schemaWithoutNoise(schema: ConfigSchema): ConfigSchema {
  return JSON.parse(JSON.stringify(schema));
}

Deno.test("compileConfig() takes no settings without a schema", () => {
  assertEquals(compiled(undefined).check({}).config, {});
  assertEquals(
    compiled(undefined).check({ a: 1 }).issues[0]!.code,
    "UNKNOWN_KEY",
  );
});

Deno.test("compileConfig() closes an open zod object", () => {
  const { issues } = compiled(z.object({ a: z.number() })).check({
    a: 1,
    b: 2,
  });
  assertEquals(issues.map(({ code }) => code), ["UNKNOWN_KEY"]);
});

Deno.test("compileConfig() closes nested objects of JSON Schema", () => {
  const inner = { type: "object", properties: { a: { type: "number" } } };
  const config = compiled({
    type: "object",
    properties: { list: { type: "array", items: inner } },
  });
  assertEquals(config.check({ list: [{ a: 1 }] }).issues, []);
  assertEquals(config.check({ list: [{ a: 1, b: 2 }] }).issues.length, 1);
  assertEquals(
    config.check({ list: [{ a: "x" }] }).issues[0]!.path,
    "list[0].a",
  );
});

Deno.test("compileConfig() reports a schema whose code fails", () => {
  const schema = z.strictObject({ a: z.number() }).refine(() => {
    throw new Error("no");
  });
  const { config, issues } = compiled(schema).check({ a: 1 });
  assertEquals(config, undefined);
  assertEquals(issues[0]!.message, "Failed: Error: no");
});

Deno.test.each<{ name: string; schema: ConfigSchema }>([
  {
    name: "a zod schema of more than one object",
    schema: z.union([
      z.strictObject({ a: z.number() }),
      z.strictObject({ b: z.number() }),
    ]),
  },
  { name: "a number", schema: JSON.parse("1") },
  { name: "a list", schema: JSON.parse("[]") },
  { name: "JSON Schema of a number", schema: { type: "number" } },
  {
    name: "a pattern, which could take forever",
    schema: {
      type: "object",
      properties: { a: { type: "string", pattern: "(a+)+$" } },
    },
  },
  { name: "a reference", schema: { $ref: "#/$defs/a" } },
  {
    name: "a type that there is not",
    schema: { type: "object", properties: { a: { type: "float" } } },
  },
  {
    name: "names that JavaScript uses",
    schema: {
      type: "object",
      properties: JSON.parse('{"__proto__": {"type": "null"}}'),
    },
  },
  {
    name: "names that all objects have",
    schema: { type: "object", properties: { toString: { type: "null" } } },
  },
  {
    name: "keys that nobody named",
    schema: { type: "object", additionalProperties: true },
  },
  { name: "zod without JSON Schema", schema: z.object({ a: z.bigint() }) },
])("compileConfig() refuses $name", ({ schema }) => {
  const issues = refused(schema);
  assert(issues.length > 0);
  for (const { code, path } of issues) {
    assertEquals(code, "SCHEMA_INVALID");
    assert(path.startsWith("config"));
  }
});

Deno.test("compileConfig() refuses a schema that is nested without end", () => {
  const schema: Record<string, unknown> = { type: "object" };
  schema["properties"] = { a: schema };
  assertEquals(refused(schema as ConfigSchema)[0]!.code, "SCHEMA_INVALID");
});

Deno.test("compileConfig() looks at any value without failing", () => {
  const config = compiled(ZOD);
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true }), (value) => {
      const { config: parsed, issues } = config.check(value);
      assertEquals(parsed === undefined, issues.length > 0);
    }),
    { seed: 1 },
  );
});
