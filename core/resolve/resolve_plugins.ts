import { invalidOption, isPlainObject } from "../base/mod.ts";
import { Catalog } from "./catalog.ts";
import { derivationOf } from "./derivation.ts";
import { resolutionFailed } from "./errors.ts";
import { findFixes } from "./find_fixes.ts";
import { minimalFacts } from "./minimal_facts.ts";
import type {
  LoadPlan,
  PluginSource,
  ResolveOptions,
} from "./plugin_source.ts";
import type { Problem } from "./problem.ts";
import { solve } from "./solve.ts";
import { isRange, isVersion } from "./version.ts";

/** How versions are picked, for one version of the library. */
export interface EngineResolveOptions extends ResolveOptions {
  /** The library's version. */
  readonly engineVersion: string;
}

/**
 * Picks versions of plugins: those that are locked, then the newest, of what is asked for first,
 * then of what that needs, and so on. The plan depends on what the source has and on nothing else:
 * not on any order, and not on versions that nobody takes.
 *
 * @param requests Ranges by id.
 * @param source What versions are picked from.
 * @param options How they are picked.
 * @returns The plan.
 * @throws {OptionError} `INVALID_OPTION` if an argument is none of those it may be.
 * @throws {PluginError} `RESOLUTION_FAILED` if no choice of versions satisfies all ranges,
 * `DEPENDENCY_CYCLE` if there is one, but without a load order, `PLUGIN_METADATA_INVALID` if the
 * source has something that is no version or range.
 */
export async function resolvePlugins(
  requests: Readonly<Record<string, string>>,
  source: PluginSource,
  options: EngineResolveOptions,
): Promise<LoadPlan> {
  const problem = toProblem(requests, options);
  assertSource(source);
  const catalog = new Catalog(source);
  const solved = await solve(problem, catalog);
  if (solved.kind === "found") return solved.plan;
  const facts = await minimalFacts(solved.incompatibility);
  const derivation = derivationOf(facts);
  const fixes = await findFixes(derivation, problem, catalog);
  throw resolutionFailed(derivation, fixes);
}

function toProblem(
  requests: unknown,
  options: EngineResolveOptions,
): Problem {
  const { engineVersion, locked, overrides, exclusions = [] } = options;
  const { prefer = "locked" } = options;
  if (prefer !== "locked" && prefer !== "newest") {
    throw invalidOption("resolve prefer", prefer, '"locked" or "newest"');
  }
  const problem = {
    engineVersion,
    requests: readRecord("resolve requests", requests, isRange),
    locked: readRecord("resolve locked", locked ?? {}, isVersion),
    overrides: readRecord("resolve overrides", overrides ?? {}, isRange),
    exclusions: exclusions.map(({ id, range, reason }) => {
      if (range === undefined || isRange(range)) {
        return { id, reason, ...range === undefined ? {} : { range } };
      }
      throw invalidOption("resolve exclusions range", range, "a range");
    }),
  };
  return prefer === "locked" ? problem : { ...problem, locked: {} };
}

/** Copies ids with their ranges or versions; a name like `__proto__` is as good as any other. */
function readRecord(
  option: string,
  value: unknown,
  isValid: (text: string) => boolean,
): Readonly<Record<string, string>> {
  const wanted = isValid === isRange ? "ranges by id" : "versions by id";
  if (!isPlainObject(value)) throw invalidOption(option, value, wanted);
  const entries = Object.entries(value).map(([id, text]) => {
    if (id !== "" && typeof text === "string" && isValid(text)) {
      return [id, text] as const;
    }
    throw invalidOption(`${option} ${id}`, text, wanted);
  });
  return Object.fromEntries(entries);
}

function assertSource(source: unknown): void {
  const isSource = typeof source === "object" && source !== null &&
    typeof Reflect.get(source, "versions") === "function" &&
    typeof Reflect.get(source, "metadata") === "function";
  if (isSource) return;
  throw invalidOption("resolve source", source, "a source of plugins");
}
