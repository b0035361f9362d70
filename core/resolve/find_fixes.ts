import { isCoded, suggest } from "../base/mod.ts";
import { quoted } from "../errors.ts";
import type { Catalog } from "./catalog.ts";
import type { Derivation, Fix } from "./derivation.ts";
import { formatVersion, holds } from "../versions/mod.ts";
import type { LoadPlan } from "./plugin_source.ts";
import type { Problem } from "./problem.ts";
import { solve, type SolveOptions } from "./solve.ts";

/** More changes than these are not tried. */
const TRIES_MAX = 24;

/** More changes that help than these are not looked for. */
const FIXES_MAX = 6;

/** What one try may cost: many times what a resolution of thousands of plugins costs that has few conflicts. */
const STEPS_PER_TRY = 20_000;

/** A change, as it is tried. */
interface Change extends Fix {
  readonly problem: Problem;
}

/**
 * Finds single changes that help. Each is tried by resolving again, exactly as it is offered; what
 * would cost too much to try is not offered.
 *
 * @param derivation Why there is no solution.
 * @param problem What was asked for.
 * @param options What could be taken, and what it may cost to try.
 * @returns The changes that help.
 * @throws The reason of the signal that ends it.
 */
export async function findFixes(
  derivation: Derivation,
  problem: Problem,
  options: SolveOptions,
): Promise<readonly Fix[]> {
  const { catalog, effort } = options;
  const changes = [
    ...await widened(derivation, problem, options),
    ...await renamed(derivation, problem, catalog),
    ...allowed(derivation, problem),
    ...await locked(derivation, problem, catalog),
    ...upgraded(derivation, problem, catalog),
    ...await overridden(derivation, problem, options),
    ...dropped(derivation, problem),
  ];
  const fixes: Fix[] = [];
  for (const { text, change, problem } of changes.slice(0, TRIES_MAX)) {
    if (fixes.length === FIXES_MAX || effort.isSpent) break;
    if (await plan(problem, options) !== undefined) {
      fixes.push({ text, change });
    }
  }
  return fixes;
}

/** The plan, if there is one that can also be loaded. */
async function plan(
  problem: Problem,
  { catalog, effort }: SolveOptions,
): Promise<LoadPlan | undefined> {
  try {
    const part = effort.part(STEPS_PER_TRY);
    const solved = await solve(problem, { catalog, effort: part });
    return solved.kind === "found" ? solved.plan : undefined;
  } catch (error) {
    if (isCoded(error) && error.code === "DEPENDENCY_CYCLE") return undefined;
    throw error;
  }
}

/** Another range for something that is asked for: around the version that would be picked. */
async function widened(
  { reasons }: Derivation,
  problem: Problem,
  options: SolveOptions,
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const { kind, dependency: id } of reasons) {
    if (kind !== "request" || id === undefined) continue;
    const open = { ...problem.requests, [id]: "*" };
    const version = (await plan({ ...problem, requests: open }, options))
      ?.versions.get(id);
    if (version === undefined) continue;
    const range = `^${version}`;
    const requests = { ...problem.requests, [id]: range };
    changes.push({
      text: `Ask for ${quoted(id)} ${range}`,
      change: { kind: "request", id, range },
      problem: { ...problem, requests },
    });
  }
  return changes;
}

/** Another id for something that is asked for and does not exist. */
async function renamed(
  { reasons, disputes }: Derivation,
  problem: Problem,
  catalog: Catalog,
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const { kind, dependency: id, wanted: range = "*" } of reasons) {
    const isMissing = disputes.some((one) =>
      one.id === id && one.exist.length === 0
    );
    if (kind !== "request" || id === undefined || !isMissing) continue;
    for (const name of suggest(id, await catalog.ids())) {
      const { [id]: _, ...rest } = problem.requests;
      changes.push({
        text: `Ask for ${quoted(name)} ${range} in place of ${quoted(id)}`,
        change: { kind: "rename", id, to: name, range },
        problem: { ...problem, requests: { ...rest, [name]: range } },
      });
    }
  }
  return changes;
}

/** What is ruled out, allowed after all. */
function allowed({ reasons }: Derivation, problem: Problem): Change[] {
  const changes: Change[] = [];
  for (const { kind, id, versions } of reasons) {
    if (kind !== "policy") continue;
    const exclusions = problem.exclusions.filter((one) => one.id !== id);
    changes.push({
      text: `Allow ${quoted(id)} ${versions}, which is excluded`,
      change: { kind: "allow", id },
      problem: { ...problem, exclusions },
    });
  }
  return changes;
}

/** Another version of the library. */
function upgraded(
  { reasons }: Derivation,
  problem: Problem,
  catalog: Catalog,
): Change[] {
  return reasons.flatMap(({ kind, wanted }) => {
    const first = kind === "engine" && wanted !== undefined
      ? catalog.range(wanted)?.releases[0]
      : undefined;
    if (first === undefined) return [];
    const version = formatVersion(first);
    return [{
      text: `Use spiraltorch ${version}`,
      change: { kind: "engine", version },
      problem: { ...problem, engineVersion: version },
    }];
  });
}

/** A withdrawn version, locked on purpose. */
async function locked(
  { reasons }: Derivation,
  problem: Problem,
  catalog: Catalog,
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const { kind, id, versions } of reasons) {
    if (kind !== "yanked") continue;
    const withdrawn = catalog.range(versions);
    const choice = (await catalog.choices(id)).find(({ version, provider }) =>
      provider === undefined && withdrawn && holds(withdrawn, version)
    );
    if (choice === undefined) continue;
    changes.push({
      text: `Lock ${quoted(id)} ${choice.text}, which was withdrawn`,
      change: { kind: "lock", id, version: choice.text },
      problem: {
        ...problem,
        locked: { ...problem.locked, [id]: choice.text },
      },
    });
  }
  return changes;
}

/** Another range in place of those that dependents want: around the version that would be picked. */
async function overridden(
  { reasons, disputes }: Derivation,
  problem: Problem,
  options: SolveOptions,
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const { id } of disputes) {
    const isWanted = reasons.some(({ kind, dependency }) =>
      kind === "dependency" && dependency === id
    );
    if (!isWanted) continue;
    const open = { ...problem.overrides, [id]: "*" };
    const version = (await plan({ ...problem, overrides: open }, options))
      ?.versions.get(id);
    if (version === undefined) continue;
    const range = `^${version}`;
    changes.push({
      text: `Override what dependents want of ${quoted(id)} with ${range}`,
      change: { kind: "override", id, range },
      problem: { ...problem, overrides: { ...problem.overrides, [id]: range } },
    });
  }
  return changes;
}

/** One request less. */
function dropped({ reasons }: Derivation, problem: Problem): Change[] {
  if (Object.keys(problem.requests).length < 2) return [];
  return reasons.flatMap(({ kind, dependency: id }) => {
    if (kind !== "request" || id === undefined) return [];
    const { [id]: _, ...requests } = problem.requests;
    return [{
      text: `Do without ${quoted(id)}`,
      change: { kind: "drop", id },
      problem: { ...problem, requests },
    }];
  });
}
