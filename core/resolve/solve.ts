import { compareText } from "../base/mod.ts";
import type { Catalog, Choice } from "./catalog.ts";
import { FactBook } from "./fact_book.ts";
import type { Incompatibility } from "./incompatibility.ts";
import { loadOrder } from "./load_order.ts";
import type { LoadPlan } from "./plugin_source.ts";
import type { Problem } from "./problem.ts";
import { Solver } from "./solver.ts";

/** What came of a problem. */
export type Solved =
  | { readonly kind: "found"; readonly plan: LoadPlan }
  | { readonly kind: "impossible"; readonly incompatibility: Incompatibility };

/**
 * Picks one version of each plugin that is needed.
 *
 * @param problem What is asked for.
 * @param catalog What could be taken.
 * @returns The plan, or what makes all fail.
 * @throws {PluginError} `DEPENDENCY_CYCLE` if the plugins that were picked have no load order.
 */
export async function solve(
  problem: Problem,
  catalog: Catalog,
): Promise<Solved> {
  const outcome = await new Solver(new FactBook(catalog, problem)).run();
  if (outcome.kind === "impossible") return outcome;
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
