import { compareText } from "../base/mod.ts";
import type { Catalog, Choice } from "./catalog.ts";
import type { Effort } from "./effort.ts";
import { FactBook } from "./fact_book.ts";
import { loadOrder } from "./load_order.ts";
import type { LoadPlan } from "./plugin_source.ts";
import type { Problem } from "./problem.ts";
import { type Outcome, Solver } from "./solver.ts";

/** What came of a problem. */
export type Solved =
  | { readonly kind: "found"; readonly plan: LoadPlan }
  | Exclude<Outcome, { readonly kind: "found" }>;

/** What a problem is solved with. */
export interface SolveOptions {
  /** What could be taken. */
  readonly catalog: Catalog;
  /** What it may cost. */
  readonly effort: Effort;
}

/**
 * Picks one version of each plugin that is needed.
 *
 * @param problem What is asked for.
 * @param options What could be taken, and what it may cost.
 * @returns The plan, or what makes all fail.
 * @throws {PluginError} `DEPENDENCY_CYCLE` if the plugins that were picked have no load order.
 */
export async function solve(
  problem: Problem,
  { catalog, effort }: SolveOptions,
): Promise<Solved> {
  const facts = new FactBook(catalog, problem);
  const outcome = await new Solver(facts, effort).run();
  if (outcome.kind !== "found") return outcome;
  return { kind: "found", plan: await planOf(outcome.taken, catalog) };
}

async function planOf(
  taken: ReadonlyMap<string, Choice>,
  catalog: Catalog,
): Promise<LoadPlan> {
  const standsFor = (id: string) => taken.get(id)?.provider?.id ?? id;
  const edges = new Map<string, string[]>();
  for (const [id, { text, provider }] of taken) {
    if (provider !== undefined) continue;
    const { dependencies, optionalDependencies } = await catalog
      .metadata(id, text);
    const wanted = Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((dependency) => taken.has(dependency)).map(standsFor);
    edges.set(id, [...new Set(wanted)].sort(compareText));
  }
  const order = loadOrder(edges);
  const versions = new Map(order.map((id) => [id, taken.get(id)!.text]));
  const sorted = new Map(order.map((id) => [id, edges.get(id)!]));
  return { order, versions, edges: sorted };
}
