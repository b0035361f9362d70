import {
  didYouMean,
  isPlainObject,
  type Issue,
  printable,
  suggest,
} from "../../core/base/mod.ts";
import { type BuiltKind, builtKind } from "../discovery/category.ts";
import { describeValue } from "../discovery/describe_value.ts";
import { unknownKey } from "../discovery/normalize_keys.ts";
import { joinPath } from "../discovery/paths.ts";
import type { ModuleDiscoveryRegistry } from "../discovery/registry.ts";
import type { PipelineItem } from "./description.ts";

/** Where an entry is looked up, and where its issues go. */
export interface EntryPlace {
  /** Where the entry is, `modules[2]`. */
  readonly path: string;
  /** What it must be. */
  readonly kind: BuiltKind;
  /** Where types are looked up. */
  readonly registry: ModuleDiscoveryRegistry;
  /** Where to report what is wrong. */
  readonly report: (issue: Issue) => void;
}

/** An entry taken apart, before its type is looked up. */
interface Parts {
  readonly type: string;
  readonly typePath: string;
  readonly config: unknown;
  readonly configPath: string;
  readonly id?: string;
}

/** An id must not be mistaken for a place, nor for the path of a parameter. */
const ID = /^[A-Za-z_][\w-]{0,127}$/;

/**
 * Reads one entry of a description: `relu`, `{ linear: config }` or `{ type, id, config }`.
 *
 * @param entry The entry.
 * @param place Where it is, and what it must be.
 * @returns The entry with its config checked; `undefined` if that was reported to be wrong.
 */
export function parseTypedConfig(
  entry: unknown,
  place: EntryPlace,
): PipelineItem | undefined {
  const parts = takeApart(entry, place);
  if (!parts) return undefined;
  const { type, typePath, config, configPath, id } = parts;
  const { kind, registry, report } = place;
  const metadata = registry.getMetadata(type);
  if (!metadata || builtKind(metadata.category) !== kind) {
    report(typeUnknown(type, { ...place, path: typePath }));
    return undefined;
  }
  // Nothing behind the colon of a YAML mapping is null.
  const checked = registry.validate(type, config ?? {});
  for (const issue of checked.issues) {
    const separator = issue.path === "" || issue.path.startsWith("[");
    const path = `${configPath}${separator ? "" : "."}${issue.path}`;
    report({ ...issue, path });
  }
  if (checked.config === undefined) return undefined;
  return { type, ...id === undefined ? {} : { id }, config: checked.config };
}

function takeApart(entry: unknown, place: EntryPlace): Parts | undefined {
  const { path, kind, report } = place;
  if (typeof entry === "string") {
    return { type: entry, typePath: path, config: {}, configPath: path };
  }
  if (!isPlainObject(entry)) {
    report(wanted(path, entry, `a ${kind}'s name, or an object`));
    return undefined;
  }
  if (Object.hasOwn(entry, "type")) return takeApartLong(entry, place);
  const [pair, ...others] = Object.entries(entry);
  if (!pair || others.length > 0) {
    const keys = describeKeys(entry);
    report(wanted(path, keys, `one key, the ${kind}'s name, or "type"`));
    return undefined;
  }
  const configPath = joinPath(path, printable(pair[0], 100));
  return { type: pair[0], typePath: path, config: pair[1], configPath };
}

function takeApartLong(
  entry: Readonly<Record<string, unknown>>,
  { path, kind, report }: EntryPlace,
): Parts | undefined {
  const known = kind === "module"
    ? ["type", "id", "config"]
    : ["type", "config"];
  for (const key of Object.keys(entry)) {
    if (known.includes(key)) continue;
    report(
      unknownKey(key, { path: joinPath(path, printable(key, 100)), known }),
    );
  }
  const { type, id, config } = entry;
  const typePath = joinPath(path, "type");
  const hasId = kind === "module" && id !== undefined;
  if (hasId && !(typeof id === "string" && ID.test(id) && !(id in {}))) {
    const rule = "a letter or _, then letters, digits, _ and -, at most 128";
    report(wanted(joinPath(path, "id"), id, rule));
  }
  if (typeof type !== "string") {
    report(wanted(typePath, type, `a ${kind}'s name`));
    return undefined;
  }
  return {
    type,
    typePath,
    config,
    configPath: joinPath(path, "config"),
    ...hasId ? { id: String(id) } : {},
  };
}

/** Reports a type that is not there, or is there as something else. */
function typeUnknown(
  type: string,
  { path, kind, registry }: EntryPlace,
): Issue {
  const fitting = registry.listModules().filter((known) => {
    const metadata = registry.getMetadata(known);
    return metadata && builtKind(metadata.category) === kind;
  });
  const hint = didYouMean(suggest(type, fitting));
  const metadata = registry.getMetadata(type);
  const found = metadata
    ? `"${type}", which makes a ${builtKind(metadata.category)}`
    : describeValue(type);
  return {
    code: "MODULE_UNKNOWN",
    path,
    message: `Found ${found}, wanted the type of a ${kind}`,
    ...hint === "" ? {} : { hint },
  };
}

function describeKeys(entry: Readonly<Record<string, unknown>>): string {
  return Object.keys(entry).join(", ");
}

function wanted(path: string, found: unknown, rule: string): Issue {
  return {
    code: "ENTRY_INVALID",
    path,
    message: `Found ${describeValue(found)}, wanted ${rule}`,
  };
}
