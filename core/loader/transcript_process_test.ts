// What a plugin does is the same wherever it runs.

import { assertEquals } from "@std/assert";
import type { PluginContext } from "../plugin/context.ts";
import type { Isolation } from "../plugin/isolation.ts";
import {
  createLoaderHost,
  createModuleFile,
  type LoaderHost,
} from "./loader_host_test.ts";

const SOURCE = `
  let steps = 0;
  export default {
    metadata: {
      id: "acme.plugin",
      version: "1.0.0",
      dependencies: { "acme.base": "^1.0.0" },
    },
    eventTypes: ["EpochStart"],
    async onLoad(context) {
      const { config, services, log } = context;
      const tell = (data) =>
        context.publish({ kind: "Custom", eventType: "acme.told", data });
      const codeOf = async (work) => {
        try { await work; return "fine"; } catch (error) { return error.code; }
      };
      context.operators.register({ name: "acme:op" });
      services.provide("steps", { count: () => steps, add: async (a, b) => a + b });
      config.set("own", { n: 1 });
      config.shared.set("mine", [1, 2]);
      log.info("loaded", { rate: config.get("rate"), base: config.of("acme.base").get("rate") });
      const clock = services.keep("clock");
      context.subscribe("acme.step", async (event, info) => {
        steps += event.data;
        tell([steps, info.type, info.source, await codeOf(clock.now())]);
      });
      context.subscribe("acme.once", async () => { await null; tell("once"); }, { once: true });
    },
    onEvent: (event, { log }) => log.info(event.kind + " " + event.epoch),
    onUnload: ({ log }) => log.info("unloading after " + steps),
  };`;

/** Loads the plugin, drives it, and writes down all that can be seen of it. */
async function transcript(
  host: LoaderHost,
  url: string,
  isolation: Isolation,
): Promise<unknown[]> {
  const { events, registry, loader, log } = host;
  const seen: unknown[] = [];
  events.subscribe("*", (event, { source }) => {
    // Contributions of the toy host and failures show in other lines.
    if (event.kind !== "PluginError") seen.push([source, { ...event }]);
  });
  const base = Promise.withResolvers<PluginContext>();
  await registry.register({
    metadata: { id: "acme.base", version: "1.2.0" },
    onLoad(context) {
      context.config.set("rate", 3);
      context.services.provide("clock", { now: () => 7 });
      base.resolve(context);
    },
  });
  const { services, config } = await base.promise;
  const [handle] = await loader.load(url, {
    isolation,
    config: { "acme.plugin": { rate: 0.5 } },
  });
  seen.push(handle?.contributions(), config.of("acme.plugin").list());
  seen.push(config.shared.list());
  for (const data of [1, 2]) {
    await events.publishAsync({ kind: "Custom", eventType: "acme.step", data });
    await events.publishAsync({ kind: "Custom", eventType: "acme.once", data });
  }
  await events.publishAsync({ kind: "EpochStart", epoch: 4 });
  const steps = services.require<{
    count(): number | Promise<number>;
    add(a: number, b: number): Promise<number>;
  }>("acme.plugin/steps");
  seen.push(await steps.count(), await steps.add(1, 2));
  seen.push(await registry.unregister("acme.plugin"));
  seen.push(config.shared.list(), services.get("steps"));
  return [
    ...seen,
    ...log.map(({ source, message, fields }) => [
      source,
      message,
      fields,
    ]),
  ];
}

Deno.test("loader: same plugin code in all three isolations gives the same transcript", async () => {
  const transcripts: unknown[][] = [];
  for (const isolation of ["inline", "worker", "process"] as const) {
    await using host = createLoaderHost();
    await using file = await createModuleFile(SOURCE);
    transcripts.push(await transcript(host, file.url, isolation));
  }
  assertEquals(transcripts[1], transcripts[0]);
  assertEquals(transcripts[2], transcripts[0]);
  assertEquals(transcripts[0]!.length > 20, true);
});
