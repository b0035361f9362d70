import { isPlainObject } from "../../core/base/mod.ts";
import { normalizeKeys } from "../discovery/normalize_keys.ts";
import { joinPath, joinPaths } from "../discovery/paths.ts";
import { checkKeys } from "./check_keys.ts";
import type { GroupItem, TypedConfig } from "./description.ts";
import { wanted } from "./issues.ts";
import type { ReadContext } from "./read_context.ts";

const KEYS = ["parameters", "maxRank", "settings"];
/** Longest pattern that is looked at, and most of them. */
const PATTERN_MAX = 256;

/**
 * Reads the groups of parameters of a description: which they are, and which settings of the optimizer
 * are others for them.
 *
 * @param entries The groups as written; nothing if left out.
 * @param optimizer The optimizer, as far as it could be read.
 * @param context What is known of the description.
 * @returns The groups; `undefined` if there are none.
 */
export function readGroups(
  entries: unknown,
  optimizer: TypedConfig | undefined,
  context: ReadContext,
): readonly GroupItem[] | undefined {
  if (entries === undefined) return undefined;
  if (!Array.isArray(entries)) {
    context.report(wanted("groups", entries, "a list"));
    return undefined;
  }
  return entries.map((entry, i) =>
    readGroup(entry, { path: joinPath("groups", i), optimizer, context })
  ).filter((group) => group !== undefined);
}

interface GroupPlace {
  readonly path: string;
  readonly optimizer: TypedConfig | undefined;
  readonly context: ReadContext;
}

function readGroup(entry: unknown, place: GroupPlace): GroupItem | undefined {
  const { path, context } = place;
  if (!isPlainObject(entry)) {
    context.report(wanted(path, entry, "parameters, maxRank and settings"));
    return undefined;
  }
  checkKeys(entry, KEYS, { path, context });
  const { parameters, maxRank, settings } = entry;
  if (parameters === undefined && maxRank === undefined) {
    const message = "Found neither parameters nor maxRank, wanted one of them";
    context.report({ code: "ENTRY_INVALID", path, message });
  }
  const patterns = readPatterns(parameters, place);
  const isRank = Number.isSafeInteger(maxRank) && Number(maxRank) >= 0;
  if (maxRank !== undefined && !isRank) {
    const rule = "a whole number from 0";
    context.report(wanted(joinPath(path, "maxRank"), maxRank, rule));
  }
  const read = readSettings(settings, place);
  if (!read) return undefined;
  return {
    ...patterns && { parameters: patterns },
    ...isRank && { maxRank: Number(maxRank) },
    settings: read,
  };
}

function readPatterns(
  parameters: unknown,
  { path, context }: GroupPlace,
): readonly string[] | undefined {
  if (parameters === undefined) return undefined;
  const patterns: readonly unknown[] = [parameters].flat();
  const isFine = (pattern: unknown): pattern is string =>
    typeof pattern === "string" && pattern !== "" &&
    pattern.length <= PATTERN_MAX;
  if (
    patterns.length > 0 && patterns.length <= PATTERN_MAX &&
    patterns.every(isFine)
  ) return patterns;
  const found = patterns.find((pattern) => !isFine(pattern)) ?? parameters;
  const rule = "names of parameters, in which * stands for any text";
  context.report(wanted(joinPath(path, "parameters"), found, rule));
  return undefined;
}

/** The settings that are written, checked together with those of the optimizer. */
function readSettings(
  settings: unknown,
  { path, optimizer, context }: GroupPlace,
): Readonly<Record<string, unknown>> | undefined {
  const place = joinPath(path, "settings");
  if (!isPlainObject(settings) || Object.keys(settings).length === 0) {
    const rule = "settings of the optimizer";
    context.report(wanted(place, settings, rule));
    return undefined;
  }
  // What is wrong with the optimizer has been said.
  if (!optimizer) return undefined;
  const { registry } = context;
  const { type, config } = optimizer;
  const { parameters } = registry.getMetadata(type)!;
  const spelled = normalizeKeys(settings, parameters);
  const own = spelled.value as Readonly<Record<string, unknown>>;
  const checked = registry.validate(type, { ...config, ...own });
  for (const issue of [...spelled.issues, ...checked.issues]) {
    context.report({ ...issue, path: joinPaths(place, issue.path) });
  }
  const read = Object.fromEntries(
    Object.keys(own).map((key) => [
      key,
      Reflect.get(checked.config ?? {}, key),
    ]),
  );
  context.configOrigins.set(
    read,
    new Map(
      Object.keys(read).map((key) => [
        key,
        context.originOf(joinPath(place, key)),
      ]),
    ),
  );
  return read;
}
