// Random steps on a registry against a model of it that is too simple to be wrong. Each turn starts
// one or two steps in one tick, so that they meet half way. SEQUENCES=10000 runs as many sequences;
// the gate runs fewer.

import { assert, assertEquals } from "@std/assert";
import { fillUniform, randomKey } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import type { PluginContext } from "./context.ts";
import type { Plugin } from "./plugin.ts";
import { type Fixture, fixture } from "./registry_fixture_test.ts";

const IDS = ["a", "b", "c", "d", "e"];
const SEQUENCES = sequences();
const STEPS = 25;
const DRAWS = 24;

/** How many sequences are run: 200, unless the environment says otherwise and may be read. */
function sequences(): number {
  const name = "SEQUENCES";
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return Number(state === "granted" && Deno.env.get(name) || 200);
}

/** An active plugin. */
interface Member {
  readonly dependencies: readonly string[];
  readonly major: number;
  readonly generation: number;
  /** How many events it has heard over all its generations. */
  count: number;
}

/** Active plugins, in no order. */
type Model = Map<string, Member>;

function dependentsOf(id: string, model: Model): string[] {
  const direct = [...model.keys()].filter((other) =>
    model.get(other)!.dependencies.includes(id)
  );
  const all = direct.flatMap((other) => [other, ...dependentsOf(other, model)]);
  return [...new Set(all)].sort();
}

/** What a test draws from, and what plugins report. */
interface World {
  readonly made: Fixture;
  readonly model: Model;
  readonly draw: () => number;
  /** What the active generation of each plugin has counted. */
  readonly counts: Map<string, () => number>;
}

/** Makes a plugin that counts events, keeps its count over reloads, and may fail. */
function makePlugin(
  { counts }: World,
  id: string,
  { dependencies, major, failsIn }: {
    readonly dependencies: readonly string[];
    readonly major: number;
    readonly failsIn?: string | undefined;
  },
): Plugin {
  let count = 0;
  const ranges = dependencies.map((dependency) => [dependency, "*"]);
  function perhaps(phase: string): void {
    if (failsIn === phase) throw new Error("broken");
  }
  return {
    metadata: {
      id,
      version: `${major}.0.0`,
      dependencies: Object.fromEntries(ranges),
    },
    async onLoad(context: PluginContext) {
      context.operators.register({ name: "x" });
      context.services.provide("s", {});
      context.config.set("key", 1);
      context.subscribe("hello", () => void count++);
      await Promise.resolve();
      perhaps("onLoad");
      if (failsIn === undefined) counts.set(id, () => count);
    },
    saveState: () => count,
    restoreState(state) {
      count = Number(state);
      perhaps("restoreState");
    },
    healthCheck: () => failsIn !== "healthCheck",
    onUnload() {
      // The count is over; a reload has put that of the next generation there by now.
      perhaps("onUnload");
    },
  };
}

/** A step that has been started, and what it has to come to. */
interface Started {
  readonly got: Promise<string>;
  readonly want: string;
  /** Changes the model, once the step is over. */
  readonly apply: () => void;
  /** The ids that are in transition until then. */
  readonly busy: readonly string[];
  /** Who counts as a dependent until then: not who is going, but who is coming. */
  readonly standing?: Model;
}

/** What a step finds that is under way. */
interface Meanwhile {
  readonly busy: readonly string[];
  readonly standing: Model;
}

function codeOf(error: unknown): string {
  assert(error instanceof PluginError);
  return error.code;
}

function nothing(): void {}

function startRegister(
  world: World,
  id: string,
  { busy }: Meanwhile,
): Started {
  const { made, model, draw } = world;
  // Only on ids that come earlier: no circles.
  const dependencies = IDS.slice(0, IDS.indexOf(id)).filter(() => draw() < 0.4);
  const isBroken = draw() < 0.2;
  const want = busy.includes(id)
    ? "PLUGIN_IN_TRANSITION"
    : model.has(id)
    ? "PLUGIN_ALREADY_REGISTERED"
    : firstFailure(dependencies, model, busy) ??
      (isBroken ? "PLUGIN_LOAD_FAILED" : "loaded");
  const failsIn = isBroken ? "onLoad" : undefined;
  const plugin = makePlugin(world, id, { dependencies, major: 1, failsIn });
  const got = made.registry.register(plugin).then(() => "loaded", codeOf);
  const isAdmitted = ["loaded", "PLUGIN_LOAD_FAILED"].includes(want);
  const member = { dependencies, major: 1, generation: 1, count: 0 };
  const apply = want === "loaded" ? () => void model.set(id, member) : nothing;
  if (!isAdmitted) return { got, want, apply, busy: [] };
  const standing = new Map([...model, [id, member]]);
  return { got, want, apply, busy: [id], standing };
}

/** What is wrong first, by id, with what a plugin needs. */
function firstFailure(
  dependencies: readonly string[],
  model: Model,
  busy: readonly string[],
): string | undefined {
  for (const dependency of dependencies) {
    if (busy.includes(dependency)) {
      // What is being loaded is there, in its version, but not ready.
      return "DEPENDENCY_NOT_READY";
    }
    if (!model.has(dependency)) return "DEPENDENCY_MISSING";
  }
  return undefined;
}

function startReload(
  world: World,
  id: string,
  { busy }: Meanwhile,
): Started {
  const { made, model, draw, counts } = world;
  const old = model.get(id);
  const phase = draw();
  const failsIn = phase < 0.15
    ? "onLoad"
    : phase < 0.25
    ? "restoreState"
    : phase < 0.35
    ? "healthCheck"
    : undefined;
  const isBlocked = old?.dependencies.some((other) => busy.includes(other));
  const want = busy.includes(id)
    ? "PLUGIN_IN_TRANSITION"
    : old === undefined
    ? "PLUGIN_NOT_FOUND"
    : isBlocked
    ? "DEPENDENCY_NOT_READY"
    : failsIn === undefined
    ? "reloaded"
    : "RELOAD_FAILED";
  const major = (old?.major ?? 0) + 1;
  const dependencies = old?.dependencies ?? [];
  const before = counts.get(id);
  const plugin = makePlugin(world, id, { dependencies, major, failsIn });
  const got = made.registry.reload(id, plugin).then(() => "reloaded", codeOf);
  const isAdmitted = ["reloaded", "RELOAD_FAILED"].includes(want);
  return {
    got,
    want,
    busy: isAdmitted ? [id] : [],
    apply() {
      if (want === "reloaded") {
        const { count } = model.get(id)!;
        const generation = old!.generation + 1;
        model.set(id, { dependencies, major, generation, count });
      } else if (isAdmitted && before !== undefined) counts.set(id, before);
    },
  };
}

function startUnregister(
  { made, model, draw, counts }: World,
  id: string,
  { busy, standing }: Meanwhile,
): Started {
  const cascade = draw() < 0.5;
  const gone = dependentsOf(id, standing);
  const isBusy = gone.some((other) => busy.includes(other));
  const want = busy.includes(id)
    ? "PLUGIN_IN_TRANSITION"
    : !model.has(id)
    ? "PLUGIN_NOT_FOUND"
    : gone.length > 0 && !cascade
    ? "PLUGIN_HAS_DEPENDENTS"
    : isBusy
    ? "PLUGIN_IN_TRANSITION"
    : [id, ...gone].sort().join();
  const got = made.registry.unregister(id, { cascade })
    .then((ids) => ids.toSorted().join(), codeOf);
  const isAdmitted = want === [id, ...gone].sort().join();
  const busyNow = isAdmitted ? [id, ...gone] : [];
  return {
    got,
    want,
    busy: busyNow,
    standing: new Map([...model].filter(([other]) => !busyNow.includes(other))),
    apply() {
      for (const other of busyNow) {
        model.delete(other);
        counts.delete(other);
      }
    },
  };
}

function hello({ made: { events }, model }: World): void {
  events.publish({ kind: "Custom", eventType: "hello", data: 0 });
  for (const member of model.values()) member.count++;
}

/** One random step, while another may be under way. */
function startStep(world: World, meanwhile: Meanwhile): Started {
  const id = IDS[Math.floor(world.draw() * IDS.length)]!;
  const action = world.draw();
  if (action < 0.5) return startRegister(world, id, meanwhile);
  if (action < 0.75) return startReload(world, id, meanwhile);
  return startUnregister(world, id, meanwhile);
}

/** One step, or two that are started in one tick, so that the second meets the first under way. */
async function turn(world: World): Promise<void> {
  const { draw } = world;
  if (draw() < 0.3) hello(world);
  const { model } = world;
  const first = startStep(world, { busy: [], standing: model });
  // An event in the middle of a reload reaches whoever stays; a load or unload may or may not hear.
  const isReload = ["reloaded", "RELOAD_FAILED"].includes(first.want);
  if (isReload && draw() < 0.5) hello(world);
  const { busy, standing = model } = first;
  const second = draw() < 0.4
    ? startStep(world, { busy, standing })
    : undefined;
  assertEquals(await first.got, first.want);
  if (second !== undefined) assertEquals(await second.got, second.want);
  first.apply();
  second?.apply();
}

/** What must hold between any two turns. */
function check({ made, model, counts }: World): void {
  const { registry, entries, events } = made;
  const active = [...model.keys()].sort();
  assertEquals(registry.listPlugins(), active);
  assertEquals(
    [...entries].sort(),
    active.map((id) => {
      const { generation } = model.get(id)!;
      const plain = `operator x of ${id}`;
      return generation === 1 ? plain : `${plain} ${generation}`;
    }),
  );
  const bye = { kind: "Custom", eventType: "bye", data: 0 } as const;
  const everything = 1; // the fixture's own listener
  assertEquals(events.publishReport(bye).matched, everything);
  assertEquals(registry.validateDependencyGraph().ok, true);
  for (const id of active) {
    const { major, count } = model.get(id)!;
    const handle = registry.get(id)!;
    assertEquals([handle.state, handle.version], ["active", `${major}.0.0`]);
    assertEquals(counts.get(id)!(), count);
    assertEquals(handle.contributions(), [
      "operator x",
      `service ${id}/s`,
      "config key",
      "listener hello",
    ]);
  }
}

Deno.test(`${SEQUENCES} seeded random register/unregister/reload sequences against a small model keep the invariants (owned things exist iff owner active; no dependent without its dependency)`, async () => {
  for (let seed = 0; seed < SEQUENCES; seed++) {
    const numbers = new Float32Array(STEPS * DRAWS);
    fillUniform(randomKey(seed), numbers);
    let next = 0;
    const draw = () => numbers[next++]!;
    const world: World = {
      made: fixture(),
      model: new Map(),
      draw,
      counts: new Map(),
    };
    try {
      for (let step = 0; step < STEPS; step++) {
        await turn(world);
        check(world);
      }
      await world.made.registry.shutdown();
      world.model.clear();
      check(world);
    } catch (cause) {
      throw new Error(`Random sequence failed at seed ${seed}`, { cause });
    }
  }
});
