// Random steps on a registry against a model of it that is too simple to be wrong.

import { assert, assertEquals } from "@std/assert";
import { fillUniform, randomKey } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { dependent, type Fixture, fixture } from "./registry_fixture_test.ts";

const IDS = ["a", "b", "c", "d", "e"];
const SEQUENCES = 200;
const STEPS = 25;

/** Active plugins with their dependencies, in no order. */
type Model = Map<string, string[]>;

function dependentsOf(id: string, model: Model): string[] {
  const direct = [...model.keys()].filter((other) =>
    model.get(other)!.includes(id)
  );
  const all = direct.flatMap((other) => [other, ...dependentsOf(other, model)]);
  return [...new Set(all)].sort();
}

/** One random step, on both; what it comes to must be the same. */
async function step(
  made: Fixture,
  model: Model,
  draw: () => number,
): Promise<void> {
  const id = IDS[Math.floor(draw() * IDS.length)]!;
  const action = draw();
  if (action < 0.6) {
    // Only on ids that come earlier: no circles.
    const dependencies = IDS.slice(0, IDS.indexOf(id)).filter(() =>
      draw() < 0.4
    );
    const isBroken = draw() < 0.2;
    const wanted = model.has(id)
      ? "PLUGIN_ALREADY_REGISTERED"
      : !dependencies.every((dependency) => model.has(dependency))
      ? "DEPENDENCY_MISSING"
      : isBroken
      ? "PLUGIN_LOAD_FAILED"
      : "loaded";
    const got = made.registry.register({
      ...dependent(id, ...dependencies),
      onLoad(context) {
        context.operators.register({ name: "x" });
        context.services.provide("s", {});
        context.subscribe("hello", () => {});
        if (isBroken) throw new Error("broken");
      },
    }).then(() => "loaded", codeOf);
    assertEquals(await got, wanted);
    if (wanted === "loaded") model.set(id, dependencies);
  } else {
    const cascade = draw() < 0.5;
    const gone = dependentsOf(id, model);
    const wanted = !model.has(id)
      ? "PLUGIN_NOT_FOUND"
      : gone.length > 0 && !cascade
      ? "PLUGIN_HAS_DEPENDENTS"
      : [id, ...gone].sort().join();
    const got = made.registry.unregister(id, { cascade })
      .then((ids) => ids.toSorted().join(), codeOf);
    assertEquals(await got, wanted);
    if (wanted.startsWith("PLUGIN_")) return;
    for (const other of [id, ...gone]) model.delete(other);
  }
}

function codeOf(error: unknown): string {
  assert(error instanceof PluginError);
  return error.code;
}

/** What must hold between any two steps. */
function check({ registry, entries, events }: Fixture, model: Model): void {
  const active = [...model.keys()].sort();
  assertEquals(registry.listPlugins(), active);
  assertEquals([...entries].sort(), active.map((id) => `operator x of ${id}`));
  const hello = { kind: "Custom", eventType: "hello", data: 0 } as const;
  const everything = 1; // the fixture's own listener
  assertEquals(events.publishReport(hello).matched, active.length + everything);
  assertEquals(registry.validateDependencyGraph().ok, true);
  for (const id of active) {
    assertEquals(registry.get(id)?.contributions(), [
      "operator x",
      `service ${id}/s`,
      "listener hello",
    ]);
  }
}

Deno.test(`PluginRegistry agrees with a model over ${SEQUENCES} random sequences`, async () => {
  for (let seed = 0; seed < SEQUENCES; seed++) {
    const numbers = new Float32Array(STEPS * 12);
    fillUniform(randomKey(seed), numbers);
    let next = 0;
    const draw = () => numbers[next++]!;
    const made = fixture();
    const model: Model = new Map();
    try {
      for (let turn = 0; turn < STEPS; turn++) {
        await step(made, model, draw);
        check(made, model);
      }
      await made.registry.shutdown();
      check(made, new Map());
    } catch (cause) {
      throw new Error(`Random sequence failed at seed ${seed}`, { cause });
    }
  }
});
