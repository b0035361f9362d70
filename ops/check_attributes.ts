import { type DType, DTYPES, printable } from "../core/base/mod.ts";
import { attributeInvalid } from "./errors.ts";
import type { AttributeKind, Attributes, Operator } from "./graph/node.ts";

/** What checks a value: a `zod` schema, or anything that checks as one does. */
export interface ValueSchema {
  /**
   * Checks a value. What it makes of it is not looked at.
   *
   * @param value The value.
   * @returns Whether it fits, and else what is wrong with it.
   */
  safeParse(value: unknown): {
    readonly success: boolean;
    readonly error?:
      | { readonly issues: readonly { readonly message: string }[] }
      | undefined;
  };
}

/** What each kind of attribute must be, in words. */
const WANTED: Readonly<Record<AttributeKind, string>> = {
  axes: "a whole number, a list of whole numbers or null",
  boolean: "true or false",
  dtype: DTYPES.map((dtype) => `"${dtype}"`).join(" or "),
  element: `a finite number, or "NaN", "Infinity", "-Infinity" or "-0"`,
  integer: "a whole number",
  integers: "a list of whole numbers",
  number: "a finite number",
  numberOrNull: "a finite number or null",
  string: "text",
};

/**
 * The tag of attributes whose values are not known yet, while a function is traced. Plain data has no
 * tag, so that nothing from outside can pass for one.
 */
export const ATTRIBUTE_SYMBOL_TAG = "AttributeSymbol";

/** Every kind of attribute. */
export const ATTRIBUTE_KINDS: readonly AttributeKind[] = [
  "axes",
  "boolean",
  "dtype",
  "element",
  "integer",
  "integers",
  "number",
  "numberOrNull",
  "string",
];

/**
 * Requires exactly the attributes of an operator's schema. Each value was either written by a caller
 * or came from outside, so nothing is taken for granted.
 *
 * @param operator The operator.
 * @param attributes The attributes.
 * @throws {TensorError} `ATTRIBUTE_INVALID` if one is missing, unknown or of another kind.
 */
export function checkAttributes(
  { name, schema, checks }: Operator,
  attributes: Attributes,
): void {
  // By `in`, which makes no lists: every call that is recorded comes through here.
  for (const attribute in schema.attributes) {
    if (!Object.hasOwn(schema.attributes, attribute)) continue;
    const kind = schema.attributes[attribute]!;
    const value = Object.hasOwn(attributes, attribute)
      ? attributes[attribute]
      : undefined;
    const problem = kindProblem(value, kind) ??
      choiceProblem(value, schema.choices?.[attribute]) ??
      checks?.[attribute]?.(value);
    if (problem) {
      throw attributeInvalid(name, attribute, problem.replace(/^F/, "f"));
    }
  }
  for (const attribute in attributes) {
    if (!Object.hasOwn(attributes, attribute)) continue;
    if (!Object.hasOwn(schema.attributes, attribute)) {
      const known = Object.keys(schema.attributes).join(", ") || "none";
      throw attributeInvalid(
        name,
        attribute,
        `no attribute has that name, known are ${known}`,
      );
    }
  }
}

/**
 * Finds what is wrong with the value of an attribute.
 *
 * @param value The value.
 * @param kind What it must be.
 * @returns What was found and what was wanted, or `undefined` if it is of the kind.
 */
export function kindProblem(
  value: unknown,
  kind: AttributeKind,
): string | undefined {
  if (isOfKind(value, kind)) return undefined;
  const found = value === undefined ? "nothing" : textOf(value);
  return `Found ${found}, wanted ${WANTED[kind]}`;
}

/**
 * Finds out whether an attribute is one of few texts.
 *
 * @param value Its value.
 * @param choices The texts; any, if left out.
 * @returns What was found and what was wanted, or `undefined` if it is one of them.
 */
export function choiceProblem(
  value: unknown,
  choices: readonly string[] | undefined,
): string | undefined {
  if (!choices || choices.includes(value as string)) return undefined;
  const wanted = choices.map((choice) => JSON.stringify(choice)).join(" or ");
  return `Found ${textOf(value)}, wanted ${wanted}`;
}

/**
 * Finds out whether the value of an attribute fits a schema.
 *
 * @param value Its value.
 * @param schema The schema.
 * @returns What was found and what is wrong with it, or `undefined` if it fits.
 */
export function schemaProblem(
  value: unknown,
  schema: ValueSchema,
): string | undefined {
  // What a symbol will be is checked when it is there.
  if (tagOf(value) === ATTRIBUTE_SYMBOL_TAG) return undefined;
  const { success, error } = schema.safeParse(value);
  if (success) return undefined;
  const why = error?.issues.map(({ message }) => message).join(", ");
  return `Found ${textOf(value)}, but ${
    printable(why ?? "it does not fit", 200)
  }`;
}

/**
 * Writes a value as text, whatever plain JavaScript passed.
 *
 * @param value The value.
 * @returns It as JSON, with the numbers that JSON has not, or what type it is of.
 */
export function textOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  try {
    const text = (one: unknown) =>
      typeof one === "number" ? String(one) : JSON.stringify(one);
    if (Array.isArray(value)) return `[${value.map(text)}]`;
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}

function isOfKind(value: unknown, kind: AttributeKind): boolean {
  // What a symbol will be is checked when it is there.
  return isValueOf(kind, value) || tagOf(value) === ATTRIBUTE_SYMBOL_TAG;
}

function isValueOf(kind: AttributeKind, value: unknown): boolean {
  switch (kind) {
    case "axes":
      return value === null || Number.isSafeInteger(value) ||
        isIntegers(value);
    case "boolean":
      return typeof value === "boolean";
    case "dtype":
      return DTYPES.includes(value as DType);
    case "element":
      return Number.isFinite(value) ||
        ["NaN", "Infinity", "-Infinity", "-0"].includes(value as string);
    case "integer":
      return Number.isSafeInteger(value);
    case "integers":
      return isIntegers(value);
    case "number":
      return Number.isFinite(value);
    case "numberOrNull":
      return value === null || Number.isFinite(value);
    case "string":
      return typeof value === "string";
    default:
      return kind satisfies never;
  }
}

function tagOf(value: unknown): unknown {
  return typeof value === "object" && value !== null &&
      Symbol.toStringTag in value
    ? value[Symbol.toStringTag]
    : undefined;
}

function isIntegers(value: unknown): boolean {
  return Array.isArray(value) && value.every(Number.isSafeInteger);
}
