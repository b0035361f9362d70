import { isPlainObject, type Issue } from "../../core/base/mod.ts";
import { describeValue } from "./describe_value.ts";
import { joinPath } from "./paths.ts";

/** A value that was read, or every reason why it does not fit. */
export interface ReadValue {
  /** The value with defaults filled in; means nothing if there are issues. */
  readonly value: unknown;
  /** What does not fit. */
  readonly issues: readonly Issue[];
}

/**
 * Reads a value by a JSON Schema. Objects have no keys but those it names.
 *
 * By hand and not by a library: whoever trains a model would wait longer for that to load than for
 * the first product of matrices.
 *
 * @param value Anything.
 * @param schema The schema, in which `checkJsonSchema` finds nothing.
 * @returns A copy with defaults filled in, or issues.
 */
export function readByJsonSchema(value: unknown, schema: unknown): ReadValue {
  const issues: Issue[] = [];
  return { value: read(value, schema, { path: "", issues }), issues };
}

interface Place {
  readonly path: string;
  readonly issues: Issue[];
}

type Schema = Readonly<Record<string, unknown>>;

function read(value: unknown, written: unknown, place: Place): unknown {
  const schema = written as Schema; // As `checkJsonSchema` has found.
  if (value === undefined && "default" in schema) {
    return structuredClone(schema["default"]);
  }
  if ("anyOf" in schema) return readEither(value, schema, place);
  const wanted = TYPES[schema["type"] as string]!;
  if (!wanted.fits(value)) {
    report(place, value, wanted.name);
    return undefined;
  }
  if (typeof value === "number") checkNumber(value, schema, place);
  if (typeof value === "string") {
    checkLength([...value].length, schema, { ...place, ...CHARACTERS });
  }
  const copy = Array.isArray(value)
    ? readList(value, schema, place)
    : typeof value === "object" && value !== null
    ? readObject(value as Schema, schema, place)
    : value;
  checkChoice(copy, schema, place);
  return copy;
}

/** Reads by the first schema that fits; where none does, by the first of the value's own type. */
function readEither(value: unknown, schema: Schema, place: Place): unknown {
  const alternatives = schema["anyOf"] as readonly Schema[];
  for (const alternative of alternatives) {
    const issues: Issue[] = [];
    const copy = read(value, alternative, { ...place, issues });
    if (issues.length === 0) return copy;
  }
  const near = alternatives.find((each) =>
    TYPES[each["type"] as string]?.fits(value)
  );
  if (near) return read(value, near, place);
  const names = alternatives.map((each) =>
    TYPES[each["type"] as string]?.name ?? "another value"
  );
  report(place, value, names.join(" or "));
  return undefined;
}

/** What each type is called, and what belongs to it. */
const TYPES: Readonly<
  Record<string, { name: string; fits: (value: unknown) => boolean }>
> = {
  array: { name: "a list", fits: Array.isArray },
  boolean: { name: "true or false", fits: (x) => typeof x === "boolean" },
  // That it is whole is looked at with its bounds.
  integer: { name: "a number", fits: Number.isFinite },
  null: { name: "null", fits: (x) => x === null },
  number: { name: "a number", fits: Number.isFinite },
  object: { name: "an object", fits: isPlainObject },
  string: { name: "text", fits: (x) => typeof x === "string" },
};

/** Keywords that bound a number: how they read, and when they hold. */
const BOUNDS: Readonly<
  Record<string, { word: string; holds: (x: number, bound: number) => boolean }>
> = {
  minimum: { word: "from", holds: (x, bound) => x >= bound },
  exclusiveMinimum: { word: "above", holds: (x, bound) => x > bound },
  maximum: { word: "up to", holds: (x, bound) => x <= bound },
  exclusiveMaximum: { word: "below", holds: (x, bound) => x < bound },
  multipleOf: { word: "a multiple of", holds: isMultiple },
};

function checkNumber(value: number, schema: Schema, place: Place): void {
  const isWhole = schema["type"] === "integer";
  if (isWhole && !Number.isSafeInteger(value)) {
    return report(place, value, "a whole number");
  }
  const bounds = Object.entries(BOUNDS).filter(([key]) => key in schema);
  const holds = bounds.every(([key, bound]) =>
    bound.holds(value, schema[key] as number)
  );
  if (holds) return;
  const words = bounds.map(([key, { word }]) => `${word} ${schema[key]}`);
  const name = isWhole ? "a whole number" : "a number";
  report(place, value, `${name} ${words.join(", ")}`);
}

/** Fractions such as 0.1 are not exact: their multiples are those that round to one. */
function isMultiple(value: number, factor: number): boolean {
  const quotient = value / factor;
  return Number.isInteger(Number(quotient.toPrecision(15)));
}

const CHARACTERS = { things: "characters", min: "minLength", max: "maxLength" };
const ELEMENTS = { things: "elements", min: "minItems", max: "maxItems" };

function checkLength(
  length: number,
  schema: Schema,
  { things, min, max, ...place }: Place & typeof CHARACTERS,
): void {
  const least = (schema[min] ?? 0) as number;
  const most = (schema[max] ?? Infinity) as number;
  if (length >= least && length <= most) return;
  const wanted = most === Infinity
    ? `at least ${least}`
    : `${least} to ${most}`;
  place.issues.push(issue(place.path, `${length} ${things}`, wanted));
}

function readList(
  value: readonly unknown[],
  schema: Schema,
  { path, issues }: Place,
): unknown[] {
  checkLength(value.length, schema, { path, issues, ...ELEMENTS });
  const { items } = schema;
  return Array.from(
    value,
    (item, i) =>
      items === undefined
        ? item
        : read(item, items, { path: joinPath(path, i), issues }),
  );
}

function readObject(
  value: Schema,
  schema: Schema,
  { path, issues }: Place,
): object {
  const properties = (schema["properties"] ?? {}) as Schema;
  const required = new Set(schema["required"] as readonly string[] | undefined);
  const copy: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    const isOwn = Object.hasOwn(value, name);
    const isLeftOut = !isOwn && !required.has(name) &&
      !("default" in (property as Schema));
    if (isLeftOut) continue;
    const inner = { path: joinPath(path, name), issues };
    copy[name] = read(isOwn ? value[name] : undefined, property, inner);
  }
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(properties, key)) continue;
    issues.push(issue(path, `the unknown key ${describeValue(key)}`, "none"));
  }
  const least = (schema["minProperties"] ?? 0) as number;
  const count = Object.keys(copy).length;
  if (count < least) {
    const names = Object.keys(properties).join(", ");
    const wanted = `at least ${least} of ${names}`;
    issues.push(issue(path, count === 0 ? "no keys" : `${count} keys`, wanted));
  }
  return copy;
}

function checkChoice(value: unknown, schema: Schema, place: Place): void {
  const choices = "const" in schema
    ? [schema["const"]]
    : schema["enum"] as readonly unknown[] | undefined;
  const text = JSON.stringify(value);
  if (!choices || choices.some((each) => JSON.stringify(each) === text)) return;
  const wanted = choices.map((each) => JSON.stringify(each)).join(", ");
  report(place, value, choices.length > 1 ? `one of ${wanted}` : wanted);
}

function report({ path, issues }: Place, value: unknown, wanted: string): void {
  issues.push(issue(path, describeValue(value), wanted));
}

function issue(path: string, found: string, wanted: string): Issue {
  const message = `Found ${found}, wanted ${wanted}`;
  return { code: "CONFIG_INVALID", path, message };
}
