import type { Issue, Json } from "../base/mod.ts";
import { pluginMetadataInvalid } from "../errors.ts";
import { copyJson } from "./copy_json.ts";
import { type FieldReader, readMap, warnUnknownKeys } from "./field_report.ts";
import {
  readCapabilities,
  readDependencies,
  readEngines,
  readId,
  readPermissions,
  readProvides,
  readText,
  readVersion,
  readYanked,
} from "./metadata_fields.ts";
import type { ParsedMetadata } from "./plugin.ts";

/** How metadata is read. */
export interface ParseMetadataOptions {
  /** Told about likely slips: keys that mean nothing, text that looks like a capability. */
  readonly warn?: (issue: Issue) => void;
}

/** Metadata as it was written, copied; every property was read once. */
interface Snapshot {
  readonly fields: ReadonlyMap<Key, Json>;
  /** Fields that are no plain data: their own rules are not asked. */
  readonly broken: ReadonlySet<Key>;
  readonly issues: Issue[];
  readonly warnings: Issue[];
}

/** What came of reading metadata. */
export interface MetadataReading {
  /** The metadata, unless it breaks a rule. */
  readonly metadata?: ParsedMetadata;
  /** Every rule it breaks. */
  readonly issues: readonly Issue[];
  /** Likely slips. */
  readonly warnings: readonly Issue[];
  /** What a getter threw, if one did. */
  readonly cause?: unknown;
}

const KEYS = [
  "id",
  "version",
  "name",
  "description",
  "author",
  "dependencies",
  "optionalDependencies",
  "provides",
  "yanked",
  "capabilities",
  "permissions",
  "engines",
  "metadata",
] as const;

type Key = typeof KEYS[number];

/**
 * Reads plugin metadata: every property once, into a frozen copy that its maker cannot change.
 *
 * @example Every problem at once
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { parseMetadata, PluginError } from "@spiraltorch/spiraltorch/core";
 *
 * const { id } = parseMetadata({ id: "acme.swish", version: "1.0.0" });
 * assertEquals(id, "acme.swish");
 *
 * assertThrows(
 *   () => parseMetadata({ id: " ", version: "one" }),
 *   PluginError,
 *   "version: found \"one\"",
 * );
 * ```
 *
 * @param value What a plugin's author wrote.
 * @param options Who is told about likely slips.
 * @returns The metadata.
 * @throws {PluginError} `PLUGIN_METADATA_INVALID` with every rule that it breaks.
 */
export function parseMetadata(
  value: unknown,
  options: ParseMetadataOptions = {},
): ParsedMetadata {
  const { metadata, issues, warnings, cause } = readMetadata(() => value);
  if (metadata === undefined) {
    throw pluginMetadataInvalid(issues, cause === undefined ? {} : { cause });
  }
  for (const issue of warnings) options.warn?.(issue);
  return metadata;
}

/**
 * Reads plugin metadata without throwing.
 *
 * @param get Gets what a plugin's author wrote.
 * @returns The metadata, or what is wrong with it.
 */
export function readMetadata(get: () => unknown): MetadataReading {
  try {
    return check(takeSnapshot(get()));
  } catch (cause) {
    const message = "found a property that throws, wanted plain data";
    const issues = [{ code: "PROPERTY_THREW", path: "", message }];
    return { issues, warnings: [], cause };
  }
}

function takeSnapshot(value: unknown): Snapshot {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const kind = Array.isArray(value) ? "a list" : typeof value;
    const message = `found ${value === null ? "null" : kind}, wanted an object`;
    const issues = [{ code: "TYPE_INVALID", path: "", message }];
    return { fields: new Map(), broken: new Set(KEYS), issues, warnings: [] };
  }
  const fields = new Map<Key, Json>();
  const broken = new Set<Key>();
  const issues: Issue[] = [];
  // By name, not by own keys: metadata may be an instance of a class with getters.
  for (const key of KEYS) {
    const property: unknown = Reflect.get(value, key);
    if (property === undefined) continue;
    const copy = copyJson(property, key);
    if (copy.issues.length === 0) fields.set(key, copy.value);
    else broken.add(key);
    issues.push(...copy.issues);
  }
  const warnings: Issue[] = [];
  const at = { path: "", issues, warnings };
  warnUnknownKeys(Object.keys(value), KEYS, at);
  return { fields, broken, issues, warnings };
}

function check(
  { fields, broken, issues, warnings }: Snapshot,
): MetadataReading {
  const field = <K extends Key, T>(key: K, read: FieldReader<T>) => {
    if (broken.has(key)) return given<K, T>(key, undefined);
    const value = read(fields.get(key), { path: key, issues, warnings }, key);
    return given(key, value);
  };
  const { id } = field("id", readId);
  const { version } = field("version", readVersion);
  const rest = {
    ...field("name", readText),
    ...field("description", readText),
    ...field("author", readText),
    ...field("dependencies", (value, at) => readDependencies(value, at, id)),
    ...field(
      "optionalDependencies",
      (value, at) => readDependencies(value, at, id),
    ),
    ...field("provides", (value, at) => readProvides(value, at, id)),
    ...field("yanked", readYanked),
    ...field("capabilities", readCapabilities),
    ...field("permissions", readPermissions),
    ...field("engines", readEngines),
    ...field("metadata", (value, at) => readMap(value, at, readText)),
  };
  if (id === undefined || version === undefined || issues.length > 0) {
    return { issues, warnings };
  }
  const metadata = Object.freeze({ id, version, ...rest });
  return { metadata, issues, warnings };
}

/** A property, unless its value is missing. */
function given<K extends string, T>(
  key: K,
  value: T | undefined,
): { readonly [P in K]?: T } {
  const property = value === undefined ? {} : { [key]: value };
  return property as { readonly [P in K]?: T };
}
