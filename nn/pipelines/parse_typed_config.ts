import { isPlainObject, printable } from "../../core/base/mod.ts";
import { type BuiltKind, builtKind } from "../discovery/category.ts";
import { camelCase, normalizeKeys } from "../discovery/normalize_keys.ts";
import { typeUnknown } from "../discovery/type_unknown.ts";
import { checkKeys } from "./check_keys.ts";
import { joinPath, joinPaths } from "../discovery/paths.ts";
import type { ModuleItem } from "./description.ts";
import { wanted } from "./issues.ts";
import type { ConfigOrigins, ReadContext } from "./read_context.ts";
import { readId } from "./read_id.ts";

/** Where an entry is. */
export interface EntryPlace {
  /** Its path, `modules[2]`. */
  readonly path: string;
  /** What it must be. */
  readonly kind: BuiltKind;
  /** What is known of the description. */
  readonly context: ReadContext;
}

/** An entry taken apart, before its type is looked up. */
interface Parts {
  readonly type: string;
  readonly typePath: string;
  readonly config: unknown;
  readonly configPath: string;
  readonly id?: string;
}

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
): ModuleItem | undefined {
  const parts = takeApart(entry, place);
  if (!parts) return undefined;
  const { type, typePath, configPath, id } = parts;
  const { kind, context } = place;
  const { registry } = context;
  const metadata = registry.getMetadata(type);
  if (!metadata || builtKind(metadata.category) !== kind) {
    const types = registry.listModules().map((known) =>
      registry.getMetadata(known)!
    );
    context.report(typeUnknown(type, { path: typePath, kind, types }));
    return undefined;
  }
  // Nothing behind the colon of a YAML mapping is null.
  const written = parts.config ?? {};
  const defaults = context.defaults.get(type) ?? {};
  const spelled = normalizeKeys(written, metadata.parameters);
  const settings = isPlainObject(spelled.value)
    ? { ...defaults, ...spelled.value }
    : spelled.value;
  const checked = registry.validate(type, settings);
  for (const issue of [...spelled.issues, ...checked.issues]) {
    context.report({ ...issue, path: joinPaths(configPath, issue.path) });
  }
  if (checked.config === undefined || spelled.issues.length > 0) {
    return undefined;
  }
  const { config } = checked;
  context.configOrigins.set(
    config,
    originsOf(config, { written, defaults, configPath, context }),
  );
  return { ...id === undefined ? {} : { id }, type, config };
}

/** Tells where each setting comes from. */
function originsOf(
  config: object,
  { written, defaults, configPath, context }: {
    readonly written: unknown;
    readonly defaults: Readonly<Record<string, unknown>>;
    readonly configPath: string;
    readonly context: ReadContext;
  },
): ConfigOrigins {
  const keys = new Map(
    Object.keys(written as object).map((key) => [camelCase(key), key]),
  );
  return new Map(
    Object.keys(config).map((key) => {
      const own = keys.get(key);
      if (own !== undefined) {
        return [key, context.originOf(joinPath(configPath, own))];
      }
      return [key, Object.hasOwn(defaults, key) ? "defaults" : "default"];
    }),
  );
}

function takeApart(entry: unknown, place: EntryPlace): Parts | undefined {
  const { path, kind, context: { report } } = place;
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
  { path, kind, context }: EntryPlace,
): Parts | undefined {
  const { report } = context;
  const hasId = kind === "module" || kind === "metric";
  const known = hasId ? ["type", "id", "config"] : ["type", "config"];
  checkKeys(entry, known, { path, context });
  const { type, id, config } = entry;
  const typePath = joinPath(path, "type");
  const named = hasId ? readId(id, path, report) : {};
  if (typeof type !== "string") {
    report(wanted(typePath, type, `a ${kind}'s name`));
    return undefined;
  }
  return {
    type,
    typePath,
    config,
    configPath: joinPath(path, "config"),
    ...named,
  };
}

function describeKeys(entry: Readonly<Record<string, unknown>>): string {
  return Object.keys(entry).join(", ");
}
