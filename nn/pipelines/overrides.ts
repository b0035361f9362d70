import { isPlainObject, type Issue, printable } from "../../core/base/mod.ts";
import { camelCase } from "../discovery/normalize_keys.ts";
import { copyPlain } from "./copy_plain.ts";
import { nameUnknown, wanted } from "./issues.ts";
import { readText } from "./read_text.ts";

/** What became of overrides. */
export interface Overridden {
  /** Where a value was put, in the description. */
  readonly paths: readonly string[];
  /** What is wrong with the overrides themselves. */
  readonly issues: readonly Issue[];
}

/** Parts of a description that hold something with a type. */
const TYPED_PARTS: readonly string[] = [
  "modules",
  "loss",
  "optimizer",
  "wrappers",
  "schedule",
  "callbacks",
  "metrics",
  "augmentations",
];

/** Names that objects have without holding them. */
const RESERVED: readonly string[] = ["__proto__", "constructor", "prototype"];

type Fields = Record<string, unknown>;

/**
 * Puts values into a description that is not read yet: `modules.0.outFeatures=64`. A module is found by
 * its place or its id, a setting by its name. A part that the text does not have is begun, unless it
 * holds something with a type.
 *
 * @param root The description, a tree of plain data, which is changed.
 * @param overrides What to put where; the values are YAML.
 * @returns Where they went, and what is wrong with them.
 */
export function applyOverrides(
  root: Fields,
  overrides: readonly string[],
): Overridden {
  const paths: string[] = [];
  const issues: Issue[] = [];
  for (const [i, text] of overrides.entries()) {
    const path = `overrides[${i}]`;
    const read = readOverride(text, path);
    if ("issue" in read) {
      issues.push(read.issue);
      continue;
    }
    const put = putAt(root, read);
    if (typeof put === "string") paths.push(put);
    else issues.push({ ...put, path });
  }
  return { paths, issues };
}

interface Override {
  readonly keys: readonly string[];
  readonly value: unknown;
}

function readOverride(
  text: unknown,
  place: string,
): Override | { readonly issue: Issue } {
  const [, path = "", yaml = ""] = typeof text === "string"
    ? /^([^=]+)=(.*)$/s.exec(text) ?? []
    : [];
  const keys = path.trim().replaceAll(/\[(\d+)\]/g, ".$1").split(".");
  const isPath = keys.every((key) => key !== "" && !RESERVED.includes(key));
  if (!isPath) {
    return { issue: wanted(place, text, "text such as modules.0.bias=false") };
  }
  const read = readText(yaml);
  const issue = read.issues[0] ?? copyPlain(read.value).issue;
  if (issue) {
    const message = `Found a value that is no YAML: ${issue.message}`;
    return { issue: { code: "ENTRY_INVALID", path: place, message } };
  }
  return { keys, value: read.value };
}

/** Puts a value where it belongs; gives the path of that, or why there is no such place. */
function putAt(
  root: Fields,
  { keys, value }: Override,
): string | Omit<Issue, "path"> {
  const [part] = keys;
  const isTyped = TYPED_PARTS.includes(part!);
  let place: Place = { holder: root, key: part!, path: part! };
  const isBegun = keys.length > 1 && !isTyped;
  if (isBegun && (valueAt(place) ?? null) === null) putValue(place, {});
  for (const key of keys.slice(1)) {
    const next = step(place, key, isTyped);
    if ("code" in next) return next;
    place = next;
  }
  const { holder, key, path } = place;
  if (Array.isArray(holder)) holder[Number(key)] = value;
  else putKey(holder, key, value);
  return path;
}

/** Something in a list or an object. */
interface Place {
  readonly holder: Fields | unknown[];
  readonly key: string;
  readonly path: string;
}

function step(
  place: Place,
  key: string,
  isTyped: boolean,
): Place | Omit<Issue, "path"> {
  const value = valueAt(place);
  if (Array.isArray(value)) return stepIntoList(value, place.path, key);
  if (isPlainObject(value)) {
    const fields: Fields = value;
    const inner = isTyped ? settingsOf(fields, key) : undefined;
    if (inner === undefined) {
      return { holder: fields, key, path: `${place.path}.${key}` };
    }
    fields[inner] ??= {};
    const next = { holder: fields, key: inner, path: `${place.path}.${inner}` };
    return step(next, key, false);
  }
  if (isTyped && typeof value === "string" && !RESERVED.includes(value)) {
    // A bare type gets settings.
    const settings: Fields = {};
    putValue(place, { [value]: settings });
    return { holder: settings, key, path: `${place.path}.${value}.${key}` };
  }
  const { message } = wanted("", value, "a list or an object");
  return {
    code: "OVERRIDE_UNKNOWN",
    message: `${message} at "${printable(place.path, 200)}"`,
  };
}

function stepIntoList(
  list: unknown[],
  path: string,
  key: string,
): Place | Omit<Issue, "path"> {
  const found = list.findIndex((item, i) =>
    String(i) === key || isPlainObject(item) && item["id"] === key
  );
  if (found >= 0) {
    return { holder: list, key: String(found), path: `${path}[${found}]` };
  }
  const ids = list.flatMap((item) =>
    isPlainObject(item) && typeof item["id"] === "string" ? [item["id"]] : []
  );
  const places = list.length === 0 ? [] : [`0 to ${list.length - 1}`];
  const { path: _, ...issue } = nameUnknown(
    { code: "OVERRIDE_UNKNOWN", path: "" },
    key,
    { what: `a place or an id in "${path}"`, known: [...places, ...ids] },
  );
  return issue;
}

/** The key that an entry has its settings behind, where `key` is one of them. */
function settingsOf(entry: Fields, key: string): string | undefined {
  if (Object.hasOwn(entry, key)) return undefined;
  if (Object.hasOwn(entry, "type")) return "config";
  const names = Object.keys(entry).filter((name) => name !== "id");
  const [name] = names;
  return names.length === 1 && key !== "id" ? name : undefined;
}

function valueAt({ holder, key }: Place): unknown {
  return Array.isArray(holder)
    ? holder[Number(key)]
    : Object.hasOwn(holder, key)
    ? holder[key]
    : undefined;
}

function putValue({ holder, key }: Place, value: unknown): void {
  if (Array.isArray(holder)) holder[Number(key)] = value;
  else holder[key] = value;
}

/** A setting replaces its other spelling too. */
function putKey(fields: Fields, key: string, value: unknown): void {
  for (const other of Object.keys(fields)) {
    const isTwin = other !== key && camelCase(other) === camelCase(key);
    if (isTwin) delete fields[other];
  }
  fields[key] = value;
}
