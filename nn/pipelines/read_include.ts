import { isPlainObject, printable } from "../../core/base/mod.ts";
import { checkKeys } from "./check_keys.ts";
import { joinPath, joinPaths } from "../discovery/paths.ts";
import type { PipelineItem, SequentialItem } from "./description.ts";
import { PIPELINE_VERSION } from "./description.ts";
import { nameUnknown, wanted } from "./issues.ts";
import { prepareSource } from "./prepare_source.ts";
import type { ReadContext } from "./read_context.ts";

/** How deep descriptions may include each other. */
const DEPTH_MAX = 8;

/** A name, never a path or an address. */
const NAME = /^[A-Za-z_][\w-]*(\.[\w-]+)*$/;

const KEYS: readonly string[] = ["version", "variables", "modules"];

/** Where an include is, and what reads the entries of what is included. */
export interface IncludePlace {
  /** Its path. */
  readonly path: string;
  /** What is known of the description. */
  readonly context: ReadContext;
  /** Reads a list of entries. */
  readonly readItems: (
    entries: unknown,
    path: string,
    context: ReadContext,
  ) => (PipelineItem | undefined)[];
}

/**
 * Reads modules from another description, which the caller has given by name. Nothing is ever looked up
 * elsewhere.
 *
 * @param value The name, or `{ name, variables }`.
 * @param place Where that is.
 * @returns The modules as one; nothing if something was reported to be wrong.
 */
export function readInclude(
  value: unknown,
  place: IncludePlace,
): SequentialItem | undefined {
  const { path, context } = place;
  const fields = isPlainObject(value) ? value : { name: value };
  checkKeys(fields, ["name", "variables"], place);
  const { name, variables = {} }: Readonly<Record<string, unknown>> = fields;
  if (typeof name !== "string" || !NAME.test(name)) {
    context.report(wanted(path, name, "a name, without slashes and colons"));
    return undefined;
  }
  if (!isPlainObject(variables)) {
    const inner = joinPath(path, "variables");
    context.report(wanted(inner, variables, "names and values"));
    return undefined;
  }
  const { including } = context;
  if (including.includes(name) || including.length >= DEPTH_MAX) {
    const chain = [...including, name].join(" > ");
    const message = `Found ${chain}, wanted at most ${DEPTH_MAX} in each other`;
    context.report({ code: "INCLUDE_LOOP", path, message });
    return undefined;
  }
  const source = find(name, place);
  if (source === undefined) return undefined;
  including.push(name);
  const sequential = readSource(source, { ...place, name, variables });
  including.pop();
  return sequential && { sequential };
}

function readSource(
  source: unknown,
  { name, variables, ...place }: IncludePlace & {
    readonly name: string;
    readonly variables: Readonly<Record<string, unknown>>;
  },
): readonly PipelineItem[] | undefined {
  const { context } = place;
  const path = `${place.path}(${name})`;
  const { room } = context;
  const prepared = prepareSource(source, { variables, room });
  const { fields, positions, origins, issues } = prepared;
  context.positions.addAll(path, positions);
  for (const [inner, origin] of origins) {
    context.origins.set(joinPaths(path, inner), origin);
  }
  for (const issue of issues) {
    context.report({ ...issue, path: joinPaths(path, issue.path) });
  }
  if (!fields || issues.length > 0) return undefined;
  checkKeys(fields, KEYS, { ...place, path });
  const { version = PIPELINE_VERSION } = fields;
  if (version !== PIPELINE_VERSION) {
    const inner = joinPath(path, "version");
    context.report(wanted(inner, version, String(PIPELINE_VERSION)));
  }
  const items = place.readItems(
    fields["modules"],
    joinPath(path, "modules"),
    context,
  );
  const read = items.filter((item) => item !== undefined);
  return read.length === items.length ? read : undefined;
}

/** What the caller has given by that name. */
function find(name: string, { path, context }: IncludePlace): unknown {
  const { includes } = context;
  const isFunction = typeof includes === "function";
  const known = isFunction ? [] : Object.keys(includes);
  let found: unknown;
  try {
    found = isFunction
      ? includes(name)
      : known.includes(name)
      ? includes[name]
      : undefined;
  } catch (error) {
    const message = `Found "${name}", which failed to load: ${
      printable(String(error), 200)
    }`;
    context.report({ code: "INCLUDE_FAILED", path, message });
    return undefined;
  }
  if (found === undefined) {
    const issue = { code: "INCLUDE_UNKNOWN", path };
    context.report(nameUnknown(issue, name, { what: "a description", known }));
  }
  return found;
}
