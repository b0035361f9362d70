/**
 * How fields of plugin metadata are read: each reader takes what was written, notes what is wrong
 * with it, and gives the typed value or nothing.
 *
 * @module
 */
import { isPlainObject, type Issue, printable, suggest } from "../base/mod.ts";

/** Where problems go, with the place that is being read. */
export interface FieldReport {
  /** Path of the field. */
  readonly path: string;
  /** Problems that make the metadata invalid. */
  readonly issues: Issue[];
  /** Likely slips that do not. */
  readonly warnings: Issue[];
}

/** Reads one value, at its place and under its key. */
export type FieldReader<T> = (
  value: unknown,
  at: FieldReport,
  key: string,
) => T | undefined;

/** What was found and what was wanted. */
export interface Refusal {
  /** What was found. */
  readonly value: unknown;
  /** What was wanted. */
  readonly wanted: string;
}

/**
 * Notes that a value breaks its rule.
 *
 * @param at Where it stands.
 * @param code Kind of the problem.
 * @param refusal What was found and what was wanted.
 * @returns Nothing, for the reader to return.
 */
export function refuse(
  at: FieldReport,
  code: string,
  { value, wanted }: Refusal,
): undefined {
  const found = typeof value === "string"
    ? `"${printable(value, 100)}"`
    : value === undefined
    ? "nothing"
    : value === null || typeof value !== "object"
    ? String(value)
    : Array.isArray(value)
    ? "a list"
    : "an object";
  const message = `found ${found}, wanted ${wanted}`;
  at.issues.push({ code, path: at.path, message });
}

/**
 * Goes to a field of the field.
 *
 * @param at Where the field stands.
 * @param key Its key, or a list's index.
 * @returns Where the inner field stands.
 */
export function within(at: FieldReport, key: string | number): FieldReport {
  const path = typeof key === "number"
    ? `${at.path}[${key}]`
    : `${at.path}.${printable(key, 100)}`;
  return { ...at, path };
}

/**
 * Reads an object with free keys.
 *
 * @param value What was written.
 * @param at Where it stands.
 * @param read Reads the value under one key.
 * @returns The object, frozen, unless there is none.
 */
export function readMap<T>(
  value: unknown,
  at: FieldReport,
  read: FieldReader<T>,
): Readonly<Record<string, T>> | undefined {
  if (value === undefined) return undefined;
  if (!isPlainObject(value)) {
    return refuse(at, "TYPE_INVALID", { value, wanted: "an object" });
  }
  const pairs = Object.entries(value).flatMap(([key, item]) => {
    const result = read(item, within(at, key), key);
    return result === undefined ? [] : [[key, result] as const];
  });
  return Object.freeze(Object.fromEntries(pairs));
}

/**
 * Reads a list.
 *
 * @param value What was written.
 * @param at Where it stands.
 * @param read Reads one item.
 * @returns The list, frozen, unless there is none.
 */
export function readList<T>(
  value: unknown,
  at: FieldReport,
  read: FieldReader<T>,
): readonly T[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    return refuse(at, "TYPE_INVALID", { value, wanted: "a list" });
  }
  const items = value.flatMap((item, index) => {
    const result = read(item, within(at, index), String(index));
    return result === undefined ? [] : [result];
  });
  return Object.freeze(items);
}

/**
 * Notes keys that mean nothing. They are no reason to refuse: a later version may know them.
 *
 * @param keys The keys that were written.
 * @param known Those that mean something.
 * @param at Where they stand.
 */
export function warnUnknownKeys(
  keys: readonly string[],
  known: readonly string[],
  at: FieldReport,
): void {
  for (const key of keys) {
    if (known.includes(key)) continue;
    const [best] = suggest(key, known);
    at.warnings.push({
      code: "UNKNOWN_KEY",
      path: at.path,
      message: `"${printable(key, 100)}" means nothing here`,
      ...best === undefined ? {} : { hint: `did you mean "${best}"?` },
    });
  }
}
