// Whatever plugins do, nothing of it is left once they are gone.

import { assertEquals } from "@std/assert";
import { EVENT_KINDS, type Plugin, type PluginContext } from "../core/mod.ts";
import { createEcosystem } from "./create_ecosystem.ts";
import type { Ecosystem } from "./ecosystem.ts";

const COUNT = 1000;

/** A plugin that needs two others and owns one thing of each kind. */
function plugin(index: number): Plugin {
  const id = nameOf(index);
  const needs = [(index - 1) >> 1, index - 1].filter((other) => other >= 0);
  const ranges = needs.map((other) => [nameOf(other), "^1.0.0"]);
  return {
    metadata: {
      id,
      version: "1.0.0",
      dependencies: Object.fromEntries(ranges),
      capabilities: [`Custom(part${index})`],
    },
    onLoad(context) {
      context.operators.register({
        name: `${id}:double`,
        inputs: ["x"],
        forward: ([x]: { add(y: unknown): unknown }[]) => x!.add(x),
      });
      context.modules.register({
        type: `${id}:part`,
        description: "Nothing.",
        category: "Layer",
        config: { type: "object", properties: {}, additionalProperties: false },
        create: () => Promise.reject(new Error("is never made")),
      });
      context.services.provide("part", { index });
      context.config.set("index", index);
      context.subscribe("*", () => {});
      context.subscribe("acme.step", () => {});
    },
    onEvent() {},
  };
}

function nameOf(index: number): string {
  return `acme.p${index}`;
}

/** Everything that can be seen of an ecosystem from outside and from within a plugin. */
function snapshot(
  { plugins, events, operators, modules }: Ecosystem,
  { services, config }: PluginContext,
): unknown {
  const types = ["*", "acme.step", ...EVENT_KINDS];
  return {
    plugins: plugins.listPlugins(),
    graph: plugins.dependencyGraph(),
    problems: plugins.validateDependencyGraph(),
    offered: plugins.findByCapability("Custom(part7)"),
    listened: types.filter((type) => events.hasListeners(type)),
    matched: events.publishReport({
      kind: "Custom",
      eventType: "acme.step",
      data: 0,
    }).matched,
    operators: operators.listOperators(),
    modules: modules.listModules(),
    services: services.list(),
    config: config.list(),
  };
}

Deno.test("1,000 inline plugins with dependencies unload to exactly the initial state", async () => {
  await using ecosystem = await createEcosystem({ backend: "reference" });
  let probe: PluginContext | undefined;
  await ecosystem.plugins.register({
    metadata: { id: "acme.probe", version: "1.0.0" },
    onLoad: (context) => void (probe = context),
  });
  const before = snapshot(ecosystem, probe!);
  for (let round = 0; round < 2; round++) {
    const set = Array.from({ length: COUNT }, (_, index) => plugin(index));
    await ecosystem.plugins.registerAll(set.toReversed());
    const loaded = ecosystem.plugins.listPlugins().length;
    assertEquals(loaded, COUNT + 1);
    // One is the host's own.
    assertEquals(probe!.services.list().length, COUNT + 1);
    const gone = await ecosystem.plugins.unregister(nameOf(0), {
      cascade: true,
    });
    assertEquals(gone.length, COUNT);
    assertEquals(gone.at(-1), nameOf(0));
    assertEquals(snapshot(ecosystem, probe!), before);
  }
});
