/**
 * What is checked before any hook of a generation runs that is to take another's place: that the
 * plugin is there and at rest, and that everything that depends on it, and that it depends on, works
 * with the new version.
 *
 * @module
 */
import { compareText, suggest } from "../../base/mod.ts";
import { pluginInTransition, pluginNotFound } from "../../errors.ts";
import {
  checkDependencies,
  type DependencyFailure,
  type DependencyTargets,
} from "../../resolve/check_dependencies.ts";
import { dependenciesFailed } from "../../resolve/errors.ts";
import type { DependencyGraph } from "../../resolve/graph.ts";
import { loadOrder } from "../../resolve/load_order.ts";
import {
  assertDependencies,
  assertEngine,
  indexById,
  type Premises,
  type ReadEntry,
  toAdmission,
} from "../admission.ts";
import { needsOf } from "../dependency_views.ts";
import type { Admission, PluginRecord } from "../plugin_record.ts";

/** A generation that may take another's place. */
export interface ReloadAdmission {
  /** The generation that is there. */
  readonly old: PluginRecord;
  /** What is to take its place. */
  readonly admission: Admission;
}

/**
 * Checks new generations of plugins against each other and against what is there. Runs no plugin
 * code.
 *
 * @param entries The new generations.
 * @param premises What they are checked against.
 * @returns What may be replaced, in load order.
 * @throws {OptionError} `INVALID_OPTION` for a time limit or isolation that cannot be.
 * @throws {PluginError} `PLUGIN_DUPLICATE`, `PLUGIN_NOT_FOUND`, `PLUGIN_IN_TRANSITION`,
 * `ENGINE_INCOMPATIBLE`, `DEPENDENCY_MISSING`, `DEPENDENCY_NOT_READY`, `DEPENDENCY_VERSION`,
 * `DEPENDENCY_CYCLE`, `CONFIG_INVALID`.
 */
export function admitReload(
  entries: readonly ReadEntry[],
  premises: Premises,
): ReloadAdmission[] {
  const byId = indexById(entries);
  for (const id of byId.keys()) assertAtRest(id, premises.records);
  for (const { metadata } of entries) assertEngine(metadata, premises);
  const targets = assertDependencies(byId, premises);
  assertDependents(byId, premises);
  // The whole graph, because a new dependency may close a circle through plugins outside the set.
  const order = loadOrder(graphAfter(targets, premises.records));
  return order.filter((id) => byId.has(id)).map((id) => {
    const old = premises.records.get(id)!;
    const entry = { timeoutMs: old.timeoutMs, ...byId.get(id)! };
    const own = { ...premises, targets: targets.get(id)! };
    return { old, admission: toAdmission(entry, own) };
  });
}

function assertAtRest(
  id: string,
  records: ReadonlyMap<string, PluginRecord>,
): void {
  const record = records.get(id);
  if (record === undefined) {
    throw pluginNotFound("reload", id, suggest(id, records.keys()));
  }
  // A set that may still fail would take the new generation with it.
  const state = record.loadSet.isOpen ? "loading" : record.state;
  if (state !== "active") throw pluginInTransition("reload", id, state);
}

/** Asks everyone who stays whether the new versions will do. */
function assertDependents(
  entries: ReadonlyMap<string, ReadEntry>,
  premises: Premises,
): void {
  const candidates = new Map(
    [...entries].map(([id, { metadata: { version, provides } }]) => [
      id,
      { version, state: "active", ...provides && { provides } },
    ]),
  );
  const failures: DependencyFailure[] = [];
  for (const [id, record] of premises.records) {
    if (entries.has(id) || record.state === "unloading") continue;
    for (const { metadata, targets } of [record, record.next ?? []].flat()) {
      const inside = Object.entries(metadata.dependencies ?? {})
        .filter(([dependency]) => entries.has(targets.needs.get(dependency)!));
      const dependencies = Object.fromEntries(inside);
      const dependent = { id, dependencies };
      failures.push(...checkDependencies(dependent, candidates, premises));
    }
  }
  const [first, ...rest] = failures.sort((a, b) => compareText(a.id, b.id));
  if (first !== undefined) throw dependenciesFailed([first, ...rest]);
}

/** Who would depend on whom, once the new generations are in place. */
function graphAfter(
  targets: ReadonlyMap<string, DependencyTargets>,
  records: ReadonlyMap<string, PluginRecord>,
): DependencyGraph {
  return new Map([...records].map(([id, record]) => {
    const own = targets.get(id);
    return [
      id,
      own === undefined
        ? needsOf(record)
        : [...own.needs.values(), ...own.likes],
    ];
  }));
}
