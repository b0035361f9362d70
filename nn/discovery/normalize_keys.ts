import {
  didYouMean,
  isPlainObject,
  type Issue,
  type JsonObject,
  printable,
  suggest,
} from "../../core/base/mod.ts";
import { joinPath } from "./paths.ts";

/** Keys as a schema spells them, and what is wrong with those that were found. */
export interface NormalizedKeys {
  /** The same value with keys as the schema spells them, without keys that it does not know. */
  readonly value: unknown;
  /** Keys that are unknown, or there twice. */
  readonly issues: readonly Issue[];
}

/**
 * Brings the keys of a config to the spelling of its schema: `in_features` stands for `inFeatures`.
 *
 * @param value What somebody wrote.
 * @param schema The schema, as JSON Schema.
 * @returns The config with the schema's keys, and issues.
 */
export function normalizeKeys(
  value: unknown,
  schema: JsonObject,
): NormalizedKeys {
  const issues: Issue[] = [];
  return { value: normalize(value, schema, { path: "", issues }), issues };
}

interface Place {
  readonly path: string;
  readonly issues: Issue[];
}

function normalize(value: unknown, schema: unknown, place: Place): unknown {
  if (!isPlainObject(schema) || !isPlainObject(schema["properties"])) {
    return value;
  }
  if (!isPlainObject(value)) return value;
  const { properties, additionalProperties = false } = schema;
  const known = Object.keys(properties);
  const entries = new Map<string, unknown>();
  for (const [key, item] of Object.entries(value)) {
    const name = spelling(key, known);
    const path = joinPath(place.path, printable(key, 100));
    if (name === undefined) {
      if (additionalProperties === false) {
        place.issues.push(unknownKey(key, { path, known }));
      } else entries.set(key, item);
    } else if (entries.has(name)) {
      place.issues.push(keyTwice(name, path));
    } else {
      const inner = { path, issues: place.issues };
      entries.set(name, normalize(item, properties[name], inner));
    }
  }
  return Object.fromEntries(entries);
}

/** The known key that a written one stands for. */
function spelling(key: string, known: readonly string[]): string | undefined {
  if (known.includes(key)) return key;
  const camel = camelCase(key);
  return known.includes(camel) ? camel : undefined;
}

/**
 * Writes a key in camel case.
 *
 * @param key The key, `in_features`.
 * @returns The same as `inFeatures`.
 */
export function camelCase(key: string): string {
  return key.replaceAll(
    /([a-z0-9])_([a-z0-9])/g,
    (_, before: string, after: string) => before + after.toUpperCase(),
  );
}

/**
 * Reports a key that nothing is known by.
 *
 * @param key The key.
 * @param options Where it is, and the keys that are known there.
 * @returns The issue, with a suggestion if one comes to mind.
 */
export function unknownKey(
  key: string,
  { path, known }: { readonly path: string; readonly known: readonly string[] },
): Issue {
  const hint = didYouMean(suggest(key, known));
  return {
    code: "UNKNOWN_KEY",
    path,
    message: `Found the unknown key "${printable(key, 100)}", wanted ${
      known.length === 0 ? "no keys" : known.join(", ")
    }`,
    ...hint === "" ? {} : { hint },
  };
}

function keyTwice(name: string, path: string): Issue {
  return {
    code: "DUPLICATE_KEY",
    path,
    message: `Found "${name}" in two spellings, wanted one`,
  };
}
