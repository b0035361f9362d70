import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { z } from "zod";
import { checkJsonSchema } from "./check_json_schema.ts";
import { readByJsonSchema } from "./read_json_schema.ts";

const bound = fc.integer({ min: -3, max: 3 });
const number = fc.record({
  type: fc.constantFrom("number", "integer"),
  minimum: bound,
  maximum: bound,
  exclusiveMinimum: bound,
  exclusiveMaximum: bound,
  multipleOf: fc.constantFrom(1, 2, 0.5, 0.1),
}, { requiredKeys: ["type"] });
const length = fc.nat({ max: 3 });
const text = fc.oneof(
  fc.record(
    { type: fc.constant("string"), minLength: length, maxLength: length },
    { requiredKeys: ["type"] },
  ),
  fc.record({
    type: fc.constant("string"),
    enum: fc.subarray(["a", "b", "c"], { minLength: 1 }),
  }),
);
const names = fc.subarray(["a", "b", "c"]);

/** Schemas of objects with settings of every type. */
const { object: schemas } = fc.letrec<{ any: object; object: object }>(
  (tie) => ({
    any: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      number,
      text,
      fc.record({ type: fc.constantFrom("boolean", "null") }),
      fc.record({
        type: fc.constant("array"),
        items: tie("any"),
        minItems: length,
        maxItems: length,
      }, { requiredKeys: ["type", "items"] }),
      tie("object"),
    ),
    object: fc.record({
      type: fc.constant("object"),
      properties: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("any"), {
        noNullPrototype: true,
      }),
      additionalProperties: fc.constant(false),
      wanted: names,
    }).map(({ wanted, ...schema }) => ({
      ...schema,
      // What is not described cannot be required.
      required: wanted.filter((name) => name in schema.properties),
    })),
  }),
);

const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.integer({ min: -4, max: 4 }),
    fc.constantFrom(0.1, 0.3, 0.5, 1.5, NaN, Infinity, 2 ** 60),
    fc.constantFrom("", "a", "bb", "cccc", true, false, null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "d"), tie("value"), {
      noNullPrototype: true,
    }),
  ),
}));

// The oracle is zod, which reads JSON Schema too.
Deno.test("readByJsonSchema() accepts what zod accepts", () => {
  fc.assert(
    fc.property(schemas, values, (schema, value) => {
      const oracle = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)))
        .safeParse(value);
      const { value: read, issues } = readByJsonSchema(value, schema);
      assertEquals(issues.length === 0, oracle.success, JSON.stringify(issues));
      if (oracle.success) assertEquals(read, oracle.data);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

Deno.test("checkJsonSchema() finds nothing in what can be read", () => {
  fc.assert(
    fc.property(schemas, (schema) => {
      assertEquals(checkJsonSchema(JSON.parse(JSON.stringify(schema))), []);
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test.each<{ schema: object; value: unknown; message: string }>([
  {
    schema: { type: "integer", minimum: 1, maximum: 9 },
    value: 0,
    message: "Found 0, wanted a whole number from 1, up to 9",
  },
  {
    schema: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 },
    value: 1,
    message: "Found 1, wanted a number above 0, below 1",
  },
  {
    schema: { type: "number", multipleOf: 0.25 },
    value: 0.3,
    message: "Found 0.3, wanted a number a multiple of 0.25",
  },
  {
    schema: { type: "string", minLength: 2 },
    value: "😀",
    message: "Found 1 characters, wanted at least 2",
  },
  {
    schema: { type: "array", maxItems: 1 },
    value: [1, 2],
    message: "Found 2 elements, wanted 0 to 1",
  },
  {
    schema: { type: "string", enum: ["a", "b"] },
    value: "c",
    message: 'Found "c", wanted one of "a", "b"',
  },
  {
    schema: { type: "number", const: 3 },
    value: 4,
    message: "Found 4, wanted 3",
  },
  {
    schema: { type: "boolean" },
    value: "true",
    message: 'Found "true", wanted true or false',
  },
  {
    schema: { type: "object" },
    value: { a: 1 },
    message: 'Found the unknown key "a", wanted none',
  },
])("readByJsonSchema() says $message", ({ schema, value, message }) => {
  const { issues } = readByJsonSchema(value, schema);
  assertEquals(issues, [{ code: "CONFIG_INVALID", path: "", message }]);
});

Deno.test("readByJsonSchema() gives each reader a default of its own", () => {
  const schema = {
    type: "object",
    properties: { sizes: { type: "array", default: [1] } },
  };
  const first = readByJsonSchema({}, schema).value as { sizes: number[] };
  first.sizes.push(2);
  assertEquals(readByJsonSchema({}, schema).value, { sizes: [1] });
});
