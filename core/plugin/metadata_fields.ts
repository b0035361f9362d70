/**
 * The rule of each field of plugin metadata.
 *
 * @module
 */
import { isPlainObject, isPrintable, type Issue } from "../base/mod.ts";
import { isRange, isVersion } from "../versions/mod.ts";
import {
  CAPABILITY_RULE,
  type PluginCapability,
  readCapability,
} from "./capability.ts";
import {
  type FieldReport,
  readList,
  readMap,
  refuse,
  warnUnknownKeys,
  within,
} from "./field_report.ts";
import type { PermissionLists, PermissionRequest } from "./isolation.ts";

const ID_LENGTH_MAX = 128;
const TEXT_BYTES_MAX = 4096;

/** Ids that mean something else wherever an id may stand. */
const RESERVED_IDS: readonly string[] = [
  "*",
  "__proto__",
  "constructor",
  "core",
  "host",
  "prototype",
  "shared",
];

const PERMISSION_LISTS = [
  "env",
  "fetch",
  "files",
  "net",
  "read",
  "send",
  "write",
] as const;

/** What an id would have to be, or nothing if it is that. */
function idRule(id: unknown): string | undefined {
  if (typeof id !== "string" || id.trim() === "") return "an id with text";
  if (id.trim() !== id) return "an id without outer white space";
  if (!isPrintable(id)) {
    return "an id without control or bidi characters and floods of marks";
  }
  if (id.length > ID_LENGTH_MAX) {
    return `an id of at most ${ID_LENGTH_MAX} characters`;
  }
  return RESERVED_IDS.includes(id) ? "an id that is not reserved" : undefined;
}

/**
 * Reads a plugin's id.
 *
 * @param value What was written.
 * @param at Where it stands.
 * @returns The id.
 */
export function readId(value: unknown, at: FieldReport): string | undefined {
  const wanted = idRule(value);
  if (wanted !== undefined) return refuse(at, "ID_INVALID", { value, wanted });
  return String(value);
}

/**
 * Reads a semantic version.
 *
 * @param value What was written.
 * @param at Where it stands.
 * @returns The version.
 */
export function readVersion(
  value: unknown,
  at: FieldReport,
): string | undefined {
  if (typeof value === "string" && isVersion(value)) return value;
  const wanted = 'a semantic version such as "1.2.0"';
  return refuse(at, "VERSION_INVALID", { value, wanted });
}

/**
 * Reads text for people.
 *
 * @param value What was written.
 * @param at Where it stands.
 * @returns The text.
 */
export function readText(value: unknown, at: FieldReport): string | undefined {
  if (value === undefined) return undefined;
  const isShort = typeof value === "string" &&
    new TextEncoder().encode(value).length <= TEXT_BYTES_MAX;
  if (isShort) return value;
  const wanted = `text of at most ${TEXT_BYTES_MAX} bytes`;
  return refuse(at, "TEXT_INVALID", { value, wanted });
}

/**
 * Reads what a plugin depends on.
 *
 * @param value What was written.
 * @param at Where it stands.
 * @param ownId The plugin's id, on which it cannot depend.
 * @returns Ranges by id.
 */
export function readDependencies(
  value: unknown,
  at: FieldReport,
  ownId: string | undefined,
): Readonly<Record<string, string>> | undefined {
  return readMap(value, at, (range, place, id) => {
    const wanted = idRule(id) ??
      (id === ownId ? "another plugin than itself" : undefined);
    if (wanted === undefined) return readRange(range, place);
    return refuse(place, "DEPENDENCY_INVALID", { value: id, wanted });
  });
}

/**
 * Reads which plugins a plugin stands in for.
 *
 * @param value What was written.
 * @param at Where it stands.
 * @param ownId The plugin's id, for which it need not stand in.
 * @returns Versions by id.
 */
export function readProvides(
  value: unknown,
  at: FieldReport,
  ownId: string | undefined,
): Readonly<Record<string, string>> | undefined {
  return readMap(value, at, (version, place, id) => {
    const wanted = idRule(id) ??
      (id === ownId ? "another plugin than itself" : undefined);
    if (wanted === undefined) return readVersion(version, place);
    return refuse(place, "PROVIDES_INVALID", { value: id, wanted });
  });
}

/**
 * Reads whether a version has been withdrawn.
 *
 * @param value What was written.
 * @param at Where it stands.
 * @returns Whether it has, or why.
 */
export function readYanked(
  value: unknown,
  at: FieldReport,
): boolean | string | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  if (typeof value === "string") return readText(value, at);
  const wanted = "true, false or a reason";
  return refuse(at, "TYPE_INVALID", { value, wanted });
}

/**
 * Reads which versions of the library a plugin works with.
 *
 * @param value What was written.
 * @param at Where it stands.
 * @returns Ranges by engine.
 */
export function readEngines(
  value: unknown,
  at: FieldReport,
): { readonly spiraltorch?: string } | undefined {
  if (value === undefined) return undefined;
  if (!isPlainObject(value)) {
    return refuse(at, "TYPE_INVALID", { value, wanted: "an object" });
  }
  warnUnknownKeys(Object.keys(value), ["spiraltorch"], at);
  if (value.spiraltorch === undefined) return Object.freeze({});
  const range = readRange(value.spiraltorch, within(at, "spiraltorch"));
  return range === undefined
    ? undefined
    : Object.freeze({ spiraltorch: range });
}

function readRange(value: unknown, at: FieldReport): string | undefined {
  if (typeof value === "string" && isRange(value)) return value;
  const wanted = 'a range of versions such as "^1.2.0"';
  return refuse(at, "RANGE_INVALID", { value, wanted });
}

/**
 * Reads what a plugin offers.
 *
 * @param value What was written.
 * @param at Where it stands.
 * @returns The capabilities, in order.
 */
export function readCapabilities(
  value: unknown,
  at: FieldReport,
): readonly PluginCapability[] | undefined {
  return readList(value, at, (item, { path, ...rest }) => {
    const warn = (issue: Issue) => void rest.warnings.push({ ...issue, path });
    const refusal = { value: item, wanted: CAPABILITY_RULE };
    return readCapability(item, { warn }) ??
      refuse({ path, ...rest }, "CAPABILITY_INVALID", refusal);
  });
}

/**
 * Reads what a plugin asks to touch.
 *
 * @param value What was written.
 * @param at Where it stands.
 * @returns The request.
 */
export function readPermissions(
  value: unknown,
  at: FieldReport,
): PermissionRequest | undefined {
  const lists = readPermissionLists(value, at, ["optional"]);
  if (lists === undefined || !isPlainObject(value)) return undefined;
  const optional = readPermissionLists(value.optional, within(at, "optional"));
  return Object.freeze({ ...lists, ...optional && { optional } });
}

function readPermissionLists(
  value: unknown,
  at: FieldReport,
  otherKeys: readonly string[] = [],
): PermissionLists | undefined {
  if (value === undefined) return undefined;
  if (!isPlainObject(value)) {
    return refuse(at, "TYPE_INVALID", { value, wanted: "an object" });
  }
  const { gpu } = value;
  const keys = ["gpu", ...otherKeys, ...PERMISSION_LISTS];
  warnUnknownKeys(Object.keys(value), keys, at);
  const written = PERMISSION_LISTS.filter((key) => value[key] !== undefined);
  const lists = readMap(
    Object.fromEntries(written.map((key) => [key, value[key]])),
    at,
    (list, place) => readList(list, place, readText),
  );
  if (gpu === undefined || typeof gpu === "boolean") {
    return Object.freeze({ ...lists, ...gpu === undefined ? {} : { gpu } });
  }
  const wanted = "true or false";
  return refuse(within(at, "gpu"), "TYPE_INVALID", { value: gpu, wanted });
}
