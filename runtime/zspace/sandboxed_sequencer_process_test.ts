// A plugin of sequencers in a process of its own: it is told of stages as plain data.

import { assert, assertEquals } from "@std/assert";
import type { PluginEvent, PluginEventBus } from "../../core/mod.ts";
import { ZSpaceCoherenceSequencer } from "../../nn/mod.ts";
import { ones } from "../../ops/mod.ts";
import { createEcosystem } from "../create_ecosystem.ts";

const PLUGIN = new URL(
  "../../tests/fixtures/plugins/watches_sequencers/plugin.ts",
  import.meta.url,
);

/** Waits for the sandbox's subscription to arrive. */
async function heard(events: PluginEventBus): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  using _watch = events.watchListeners("ZSpaceTrace", (isHeard) => {
    if (isHeard) resolve();
  });
  await stayingAwake(promise);
}

/** Waits: a sandbox does not keep a program alive. */
async function stayingAwake<T>(promise: Promise<T>): Promise<T> {
  const waiting = setInterval(() => {}, 1000);
  return await promise.finally(() => clearInterval(waiting));
}

Deno.test("A sandboxed sequencer plugin is told of stages, as records without tensors, until it is unloaded", async () => {
  await using ecosystem = await createEcosystem();
  const [handle] = await ecosystem.loader.load(PLUGIN.href, {
    isolation: "process",
  });
  assertEquals(handle?.id, "zspace_sequencer_far");
  const sequencer = new ZSpaceCoherenceSequencer({
    dim: 8,
    heads: 2,
    name: "near",
    hub: ecosystem.zspace,
  });
  await heard(ecosystem.events);
  const told = Promise.withResolvers<PluginEvent>();
  ecosystem.events.subscribe("far.told", (event) => told.resolve(event));
  await sequencer.forwardWithDiagnostics(ones([2, 8]));
  const event = await stayingAwake(told.promise);
  assert(event.kind === "Custom");
  const { kind, step, sequencer: name, aggregated } = event.data as Record<
    string,
    unknown
  >;
  assertEquals([kind, step, name], ["aggregated", 3, "near"]);
  assertEquals((aggregated as { shape: number[] }).shape, [2, 8]);
  const { delivered } = sequencer.stageReport();
  await ecosystem.plugins.unregister(handle!.id);
  await sequencer.forwardWithDiagnostics(ones([2, 8]));
  assertEquals(sequencer.stageReport().delivered, delivered);
});
