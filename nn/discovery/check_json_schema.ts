import { z } from "zod";
import { type Issue, type JsonObject, printable } from "../../core/base/mod.ts";

// What a config needs and nothing more. Regular expressions and references are absent on purpose: a
// schema may come from a plugin that is not trusted, and must not be able to keep the host busy.
const propertyName = z.string().max(128).regex(/^[A-Za-z]\w*$/).refine(
  (name) => !(name in Object.prototype),
);
// A record would pass over this key in silence.
const withoutPrototype = z.unknown().refine(
  (value) => !Object.hasOwn(Object(value), "__proto__"),
  { error: 'Found the name "__proto__"' },
);
const numberKeywords = {
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  multipleOf: z.number().positive().optional(),
};
const lengthKeyword = z.int().nonnegative().optional();
const commonKeywords = {
  $schema: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  default: z.json().optional(),
  enum: z.array(z.json()).min(1).max(256).optional(),
  const: z.json().optional(),
};

const objectSchema = z.strictObject({
  ...commonKeywords,
  type: z.literal("object"),
  get properties(): z.ZodType<unknown> {
    return withoutPrototype.pipe(z.record(propertyName, anySchema)).optional();
  },
  required: z.array(propertyName).optional(),
  additionalProperties: z.literal(false).optional(),
});

const arraySchema = z.strictObject({
  ...commonKeywords,
  type: z.literal("array"),
  get items(): z.ZodType<unknown> {
    return anySchema.optional();
  },
  minItems: lengthKeyword,
  maxItems: lengthKeyword,
});

const anySchema = z.discriminatedUnion("type", [
  objectSchema,
  arraySchema,
  z.strictObject({
    ...commonKeywords,
    ...numberKeywords,
    type: z.enum(["number", "integer"]),
  }),
  z.strictObject({
    ...commonKeywords,
    type: z.literal("string"),
    minLength: lengthKeyword,
    maxLength: lengthKeyword,
  }),
  z.strictObject({ ...commonKeywords, type: z.enum(["boolean", "null"]) }),
]);

/**
 * Checks a JSON Schema that came as data: an object's, with the keywords that a config needs.
 *
 * @param schema The schema.
 * @returns What is wrong with it.
 */
export function checkJsonSchema(schema: JsonObject): readonly Issue[] {
  const { error } = objectSchema.safeParse(schema);
  return error?.issues.map(({ path, message }) => ({
    code: "SCHEMA_INVALID",
    path: ["config", ...path].join("."),
    message: printable(message),
  })) ?? [];
}
