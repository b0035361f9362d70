import { type Clock, invalidOption, isPlainObject } from "../base/mod.ts";
import { Catalog } from "./catalog.ts";
import { derivationOf } from "./derivation.ts";
import { Effort } from "./effort.ts";
import { resolutionFailed, resolutionLimit } from "./errors.ts";
import { findFixes } from "./find_fixes.ts";
import { minimalFacts } from "./minimal_facts.ts";
import type {
  LoadPlan,
  PluginSource,
  ResolveOptions,
} from "./plugin_source.ts";
import type { Problem } from "./problem.ts";
import { solve } from "./solve.ts";
import { isRange, isVersion } from "../versions/mod.ts";

/** How versions are picked, for one version of the library. */
export interface EngineResolveOptions extends ResolveOptions {
  /** The library's version. */
  readonly engineVersion: string;
  /** Where time comes from; the machine's clock if left out. */
  readonly clock?: Clock;
}

/** What a search may cost, unless it is said otherwise: seconds. */
const STEPS_MAX = 1_000_000;

/** What may be spent on finding the facts that matter, when it has failed. */
const STEPS_FOR_FACTS = 20_000;

/** What may be spent on trying changes that would help: less than a second. */
const STEPS_FOR_FIXES = 60_000;

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
 * @throws The reason of the signal that ends it.
 * @throws {PluginError} `RESOLUTION_FAILED` if no choice of versions satisfies all ranges,
 * `RESOLUTION_LIMIT` if it takes more steps than it may, `DEPENDENCY_CYCLE` if there is one, but without a load order, `PLUGIN_METADATA_INVALID` if the
 * source has something that is no version or range.
 */
export async function resolvePlugins(
  requests: Readonly<Record<string, string>>,
  source: PluginSource,
  options: EngineResolveOptions,
): Promise<LoadPlan> {
  const problem = toProblem(requests, options);
  assertSource(source);
  const catalog = new Catalog(source, options.signal);
  const { signal, clock, stepsMax = STEPS_MAX } = options;
  if (!(Number.isInteger(stepsMax) && stepsMax > 0)) {
    throw invalidOption("resolve stepsMax", stepsMax, "a positive integer");
  }
  const effort = (stepsMax: number) => new Effort({ stepsMax, signal, clock });
  const solved = await solve(problem, { catalog, effort: effort(stepsMax) });
  if (solved.kind === "found") return solved.plan;
  if (solved.kind === "undecided") throw resolutionLimit(stepsMax);
  const { incompatibility } = solved;
  const facts = await minimalFacts(incompatibility, effort(STEPS_FOR_FACTS));
  const derivation = derivationOf(facts);
  const fixes = await findFixes(derivation, problem, {
    catalog,
    effort: effort(STEPS_FOR_FIXES),
  });
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
