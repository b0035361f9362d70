/**
 * Which JSON Schemas a config may have: an object's, with the keywords that a config needs and nothing
 * more. Regular expressions and references are absent on purpose: a schema may come from a plugin
 * that is not trusted, and must not be able to keep the host busy.
 *
 * @module
 */
import {
  isPlainObject,
  type Issue,
  type JsonObject,
  printable,
} from "../../core/base/mod.ts";
import { describeValue } from "./describe_value.ts";

/** Most values that a schema may list to choose from. */
const CHOICES_MAX = 256;

/** What a keyword's value must be. */
interface Rule {
  readonly wanted: string;
  fits(value: unknown): boolean;
}

const TEXT: Rule = { wanted: "text", fits: (x) => typeof x === "string" };
const NUMBER: Rule = { wanted: "a number", fits: Number.isFinite };
const ABOVE_ZERO: Rule = {
  wanted: "a number above 0",
  fits: (x) => Number.isFinite(x) && (x as number) > 0,
};
const LENGTH: Rule = {
  wanted: "a whole number from 0",
  fits: (x) => Number.isSafeInteger(x) && (x as number) >= 0,
};
const PLAIN: Rule = { wanted: "plain data", fits: isJson };
const CHOICES: Rule = {
  wanted: `a list of 1 to ${CHOICES_MAX} plain values`,
  fits: (x) =>
    Array.isArray(x) && x.length > 0 && x.length <= CHOICES_MAX &&
    x.every(isJson),
};
const NAMES: Rule = {
  wanted: "a list of names",
  fits: (x) => Array.isArray(x) && x.every(isName),
};
const CLOSED: Rule = { wanted: "false", fits: (x) => x === false };
/** Looked into by itself. */
const NESTED: Rule = { wanted: "an object", fits: isPlainObject };

const COMMON: Readonly<Record<string, Rule>> = {
  $schema: TEXT,
  title: TEXT,
  description: TEXT,
  default: PLAIN,
  enum: CHOICES,
  const: PLAIN,
  type: TEXT,
};
const NUMERIC: Readonly<Record<string, Rule>> = {
  ...COMMON,
  minimum: NUMBER,
  maximum: NUMBER,
  exclusiveMinimum: NUMBER,
  exclusiveMaximum: NUMBER,
  multipleOf: ABOVE_ZERO,
};

const ALTERNATIVES: Rule = {
  wanted: "a list of 2 to 8 schemas",
  fits: (x) => Array.isArray(x) && x.length >= 2 && x.length <= 8,
};
/** The keywords of what may be one thing or another. */
const EITHER: Readonly<Record<string, Rule>> = {
  title: TEXT,
  description: TEXT,
  default: PLAIN,
  anyOf: ALTERNATIVES,
};

/** The keywords of each type. */
const KEYWORDS: ReadonlyMap<unknown, Readonly<Record<string, Rule>>> = new Map([
  ["array", { ...COMMON, items: NESTED, minItems: LENGTH, maxItems: LENGTH }],
  ["boolean", COMMON],
  ["integer", NUMERIC],
  ["null", COMMON],
  ["number", NUMERIC],
  ["object", {
    ...COMMON,
    properties: NESTED,
    required: NAMES,
    minProperties: LENGTH,
    additionalProperties: CLOSED,
  }],
  ["string", { ...COMMON, minLength: LENGTH, maxLength: LENGTH }],
]);

/**
 * Checks a JSON Schema that came as data: an object's, with the keywords that a config needs.
 *
 * @param schema The schema.
 * @returns What is wrong with it.
 * @throws {RangeError} If it is nested without end.
 */
export function checkJsonSchema(schema: JsonObject): readonly Issue[] {
  const issues = [...schemaIssues(schema, "config")];
  if (issues.length > 0 || schema["type"] === "object") return issues;
  const found = describeValue(schema["type"]);
  return [issue("config.type", `Found ${found}, wanted "object"`)];
}

function* schemaIssues(schema: unknown, path: string): Generator<Issue> {
  if (!isPlainObject(schema)) {
    return yield issue(
      path,
      `Found ${describeValue(schema)}, wanted an object`,
    );
  }
  const keywords = "anyOf" in schema ? EITHER : KEYWORDS.get(schema["type"]);
  if (!keywords) {
    const found = describeValue(schema["type"]);
    const wanted = [...KEYWORDS.keys()].join(", ");
    return yield issue(`${path}.type`, `Found ${found}, wanted ${wanted}`);
  }
  for (const [key, value] of Object.entries(schema)) {
    const place = `${path}.${printable(key, 100)}`;
    const rule = Object.hasOwn(keywords, key) ? keywords[key] : undefined;
    if (!rule) {
      const wanted = Object.keys(keywords).join(", ");
      yield issue(place, `Found this keyword, wanted ${wanted}`);
    } else if (!rule.fits(value)) {
      const found = describeValue(value);
      yield issue(place, `Found ${found}, wanted ${rule.wanted}`);
    } else if (key === "items") yield* schemaIssues(value, place);
    else if (key === "anyOf") {
      for (const [i, each] of (value as unknown[]).entries()) {
        yield* schemaIssues(each, `${place}[${i}]`);
      }
    } else if (key === "properties") {
      for (const [name, property] of Object.entries(value as object)) {
        const inner = `${place}.${printable(name, 100)}`;
        if (isName(name)) yield* schemaIssues(property, inner);
        else yield issue(inner, "Found a name that no setting may have");
      }
    }
  }
}

/** Whether a setting may have a name: none that all objects have, such as `__proto__`. */
function isName(name: unknown): boolean {
  return typeof name === "string" && /^[A-Za-z]\w{0,127}$/.test(name) &&
    !(name in Object.prototype);
}

function isJson(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isJson);
  if (isPlainObject(value)) return Object.values(value).every(isJson);
  return value === null || typeof value === "string" ||
    typeof value === "boolean" || Number.isFinite(value);
}

function issue(path: string, message: string): Issue {
  return { code: "SCHEMA_INVALID", path, message };
}
