import { isPlainObject, printable } from "../../core/base/mod.ts";
import { checkKeys } from "./check_keys.ts";
import { joinPath } from "../discovery/paths.ts";
import { MERGES } from "../layers/parallel.ts";
import type {
  Block,
  BranchItem,
  PipelineItem,
  ResidualItem,
  SequentialItem,
} from "./description.ts";
import { duplicateIds } from "./duplicate_ids.ts";
import { wanted } from "./issues.ts";
import { parseTypedConfig } from "./parse_typed_config.ts";
import type { ReadContext } from "./read_context.ts";
import { ID_RULE, isId, readId } from "./read_id.ts";
import { readInclude } from "./read_include.ts";

/** Most copies that a repeated block may have. */
const TIMES_MAX = 10_000;

/** Most items that a description may come to, counting what is repeated as often as it is. */
const ITEMS_MAX = 10_000;

type Fields = Readonly<Record<string, unknown>>;

/** What reads each entry that holds others; it is given what is behind the key, and where that is. */
const CONTAINERS: Readonly<
  Record<
    string,
    (
      value: unknown,
      path: string,
      context: ReadContext,
    ) => PipelineItem | undefined
  >
> = {
  branch: readBranch,
  include: (value, path, context) =>
    readInclude(value, { path, context, readItems }),
  repeat: readRepeat,
  residual: readResidual,
  sequential: readSequential,
};

/**
 * Reads a list of entries.
 *
 * @param entries The list.
 * @param path Where it is.
 * @param context What is known of the description.
 * @returns The items; `undefined` in place of one that was reported to be wrong.
 */
export function readItems(
  entries: unknown,
  path: string,
  context: ReadContext,
): (PipelineItem | undefined)[] {
  if (!Array.isArray(entries)) {
    context.report(wanted(path, entries, "a list of modules"));
    return [undefined];
  }
  const items = entries.map((entry: unknown, i) =>
    readItem(entry, joinPath(path, i), context)
  );
  for (const issue of duplicateIds(items, path)) context.report(issue);
  return items;
}

function readItem(
  entry: unknown,
  path: string,
  context: ReadContext,
): PipelineItem | undefined {
  const item = readContainer(entry, path, context) ??
    parseTypedConfig(entry, { path, kind: "module", context });
  if (!item || item === "wrong") return undefined;
  context.itemPaths.set(item, path);
  return item;
}

/** Reads an entry that holds others, if it is one. */
function readContainer(
  entry: unknown,
  path: string,
  context: ReadContext,
): PipelineItem | "wrong" | undefined {
  if (!isPlainObject(entry)) return undefined;
  const key = Object.keys(CONTAINERS).find((key) => Object.hasOwn(entry, key));
  if (key === undefined) return undefined;
  checkKeys(entry, [key, "id"], { path, context });
  const item = CONTAINERS[key]!(entry[key], joinPath(path, key), context);
  const named = readId(entry["id"], path, context.report);
  return item ? { ...named, ...item } : "wrong";
}

function readResidual(
  value: unknown,
  path: string,
  context: ReadContext,
): ResidualItem | undefined {
  const residual = readBlock(value, path, context);
  return residual && { residual };
}

function readSequential(
  value: unknown,
  path: string,
  context: ReadContext,
): SequentialItem | undefined {
  const sequential = complete(readItems(value, path, context));
  return sequential && { sequential };
}

/** Reads what may be a list of modules, or one alone. */
function readBlock(
  value: unknown,
  path: string,
  context: ReadContext,
): Block | undefined {
  return Array.isArray(value)
    ? complete(readItems(value, path, context))
    : readItem(value, path, context);
}

function readBranch(
  value: unknown,
  path: string,
  context: ReadContext,
): BranchItem | undefined {
  if (!isPlainObject(value)) {
    context.report(wanted(path, value, "an object with merge and paths"));
    return undefined;
  }
  checkKeys(value, ["merge", "axis", "paths"], { path, context });
  const { axis, merge: written } = value;
  const merge = MERGES.find((each) => each === written);
  if (!merge) {
    const rule = `one of ${MERGES.join(", ")}`;
    context.report(wanted(joinPath(path, "merge"), written, rule));
  }
  const hasAxis = merge === "concat" || merge === "stack";
  const isAxis = axis === undefined || hasAxis && Number.isSafeInteger(axis);
  if (merge && !isAxis) {
    const rule = hasAxis ? "a whole number" : `no axis for "${merge}"`;
    context.report(wanted(joinPath(path, "axis"), axis, rule));
  }
  const paths = readPaths(value["paths"], joinPath(path, "paths"), context);
  if (!merge || !paths || !isAxis) return undefined;
  const along = hasAxis ? { axis: Number(axis ?? -1) } : {};
  return { branch: { merge, ...along, paths } };
}

function readPaths(
  value: unknown,
  path: string,
  context: ReadContext,
): BranchItem["branch"]["paths"] | undefined {
  const isList = Array.isArray(value);
  const named = isList || isPlainObject(value) ? Object.entries(value) : [];
  if (named.length === 0) {
    context.report(
      wanted(path, value, "one path or more, by name or in order"),
    );
    return undefined;
  }
  const blocks = named.map(([name, block]: [string, unknown]) => {
    const place = joinPath(path, isList ? Number(name) : printable(name, 100));
    if (!isList && !isId(name)) {
      context.report(wanted(place, name, `a path's name: ${ID_RULE}`));
      return undefined;
    }
    return readBlock(block, place, context);
  });
  const read = complete(blocks);
  if (!read || isList) return read;
  return Object.fromEntries(named.map(([name], i) => [name, read[i]!]));
}

/** Each copy is a block of its own, with parameters of its own. */
function readRepeat(
  value: unknown,
  path: string,
  context: ReadContext,
): SequentialItem | undefined {
  if (!isPlainObject(value)) {
    context.report(wanted(path, value, "an object with times and modules"));
    return undefined;
  }
  checkKeys(value, ["times", "modules"], { path, context });
  const { times, modules } = value;
  const isCount = Number.isSafeInteger(times) && Number(times) >= 0 &&
    Number(times) <= TIMES_MAX;
  if (!isCount) {
    const rule = `a whole number from 0 to ${TIMES_MAX}`;
    context.report(wanted(joinPath(path, "times"), times, rule));
  }
  const block = complete(
    readItems(modules, joinPath(path, "modules"), context),
  );
  if (!block || !isCount) return undefined;
  const copy = { sequential: block };
  const sequential = Array.from({ length: Number(times) }, () => copy);
  if (countItems({ sequential }, ITEMS_MAX) > ITEMS_MAX) {
    const message = `Found more than ${ITEMS_MAX} modules, counting each copy`;
    context.report({ code: "TOO_LARGE", path, message });
    return undefined;
  }
  context.itemPaths.set(copy, joinPath(path, "modules"));
  return { sequential };
}

/** Counts items, and stops where there are more than `most`. */
function countItems(block: Block, most: number): number {
  let count = 0;
  for (const item of itemsIn(block)) {
    count++;
    for (const inner of innerBlocks(item)) {
      if (count > most) return count;
      count += countItems(inner, most - count);
    }
  }
  return count;
}

function itemsIn(block: Block): readonly PipelineItem[] {
  return "length" in block ? block : [block];
}

function innerBlocks(item: PipelineItem): readonly Block[] {
  if ("branch" in item) return Object.values(item.branch.paths);
  if ("residual" in item) return [item.residual];
  return "sequential" in item ? [item.sequential] : [];
}

function complete<T>(items: readonly (T | undefined)[]): T[] | undefined {
  const found = items.filter((item) => item !== undefined);
  return found.length === items.length ? found : undefined;
}
