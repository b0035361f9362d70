import { assertEquals } from "@std/assert";
import { checkJsonSchema } from "./check_json_schema.ts";

/** A schema with one setting. */
function setting(schema: unknown, name = "a"): string {
  return JSON.stringify({ type: "object", properties: { [name]: schema } });
}

Deno.test.each([
  {
    text: `{"type": "number"}`,
    path: "config.type",
    message: 'Found "number", wanted "object"',
  },
  {
    text: setting({ type: "float" }),
    path: "config.properties.a.type",
    message:
      'Found "float", wanted array, boolean, integer, null, number, object, string',
  },
  {
    text: setting(7),
    path: "config.properties.a",
    message: "Found 7, wanted an object",
  },
  {
    text: setting({ type: "boolean", minimum: 1 }),
    path: "config.properties.a.minimum",
    message:
      "Found this keyword, wanted $schema, title, description, default, enum, const, type",
  },
  {
    text: setting({ type: "number", minimum: "1" }),
    path: "config.properties.a.minimum",
    message: 'Found "1", wanted a number',
  },
  {
    text: setting({ type: "number", multipleOf: 0 }),
    path: "config.properties.a.multipleOf",
    message: "Found 0, wanted a number above 0",
  },
  {
    text: setting({ type: "array", minItems: -1 }),
    path: "config.properties.a.minItems",
    message: "Found -1, wanted a whole number from 0",
  },
  {
    text: setting({ type: "array", items: [] }),
    path: "config.properties.a.items",
    message: "Found a list, wanted an object",
  },
  {
    text: setting({ anyOf: [{ type: "null" }] }),
    path: "config.properties.a.anyOf",
    message: "Found a list, wanted a list of 2 to 8 schemas",
  },
  {
    text: setting({ anyOf: [{ type: "null" }, { type: "float" }] }),
    path: "config.properties.a.anyOf[1].type",
    message:
      'Found "float", wanted array, boolean, integer, null, number, object, string',
  },
  {
    text: setting({ type: "string", enum: [] }),
    path: "config.properties.a.enum",
    message: "Found a list, wanted a list of 1 to 256 plain values",
  },
  {
    text: `{"type": "object", "required": ["__proto__"]}`,
    path: "config.required",
    message: "Found a list, wanted a list of names",
  },
  {
    text: `{"type": "object", "additionalProperties": {}}`,
    path: "config.additionalProperties",
    message: "Found an object, wanted false",
  },
  {
    text: `{"type": "object", "properties": {"__proto__": {"type": "null"}}}`,
    path: "config.properties.__proto__",
    message: "Found a name that no setting may have",
  },
  {
    text: `{"type": "object", "constructor": {}}`,
    path: "config.constructor",
    message:
      "Found this keyword, wanted $schema, title, description, default, enum, const, type, properties, required, minProperties, additionalProperties",
  },
])("checkJsonSchema() refuses $text", ({ text, path, message }) => {
  assertEquals(checkJsonSchema(JSON.parse(text)), [
    { code: "SCHEMA_INVALID", path, message },
  ]);
});

Deno.test("checkJsonSchema() refuses a default that is no plain data", () => {
  for (const value of [undefined, NaN, () => 1, [new Date()]]) {
    const schema = { type: "object", default: value } as const;
    assertEquals(checkJsonSchema(schema as never).length, 1);
  }
});
