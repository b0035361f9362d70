import type { PluginTemplate } from "./template.ts";

/** A plugin that watches training. */
export const TELEMETRY_TEMPLATE: PluginTemplate = {
  description: "a watcher of training",
  module: ({ id }) =>
    `/**
 * A plugin that watches training: it keeps the lowest loss of an epoch, and tells it as a service.
 *
 * @module
 */
import { definePlugin, type Plugin } from "@spiraltorch/spiraltorch/plugin";

/** What it has seen. */
const seen = { epochs: 0, lowestLoss: Infinity };

const plugin: Plugin = definePlugin({
  metadata: {
    id: "${id}",
    version: "0.1.0",
    description: "Keeps the lowest loss of an epoch.",
    capabilities: ["Telemetry"],
  },
  eventTypes: ["EpochEnd"],
  onLoad(context) {
    context.services.provide("summary", { read: () => ({ ...seen }) });
  },
  onEvent(event) {
    if (event.kind !== "EpochEnd") return;
    seen.epochs++;
    seen.lowestLoss = Math.min(seen.lowestLoss, event.loss);
  },
});

export default plugin;
`,
  test: ({ id }) =>
    `import { assertEquals } from "@std/assert";
import {
  createEcosystem,
  definePlugin,
  type PluginContext,
} from "@spiraltorch/spiraltorch";

/** What the plugin offers. */
interface Summary {
  read(): Promise<{ epochs: number; lowestLoss: number }>;
}

Deno.test("${id} keeps the lowest loss, from inside its sandbox", async () => {
  await using ecosystem = await createEcosystem();
  const { events, loader, plugins } = ecosystem;
  await loader.load(import.meta.resolve("./mod.ts"));
  let services: PluginContext["services"] | undefined;
  await plugins.register(definePlugin({
    metadata: { id: "test.reader", version: "1.0.0" },
    onLoad: (context) => void ({ services } = context),
  }));
  for (const [i, loss] of [0.5, 0.2, 0.3].entries()) {
    await events.publishAsync({ kind: "EpochEnd", epoch: i + 1, loss });
  }
  const summary = services!.require<Summary>("${id}/summary");
  assertEquals(await summary.read(), { epochs: 3, lowestLoss: 0.2 });
});
`,
};
