// What a hook gets that asks its own loader for something and waits for it.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { PluginError } from "../errors.ts";
import type { Isolation } from "../plugin/isolation.ts";
import {
  createLoaderHost,
  createModuleFile,
  type LoaderHost,
  plugin,
} from "./loader_host_test.ts";

/** What services of the host do with the loader, in words. */
async function outcomeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "done";
  } catch (error) {
    return error instanceof PluginError ? error.code : String(error);
  }
}

/** Offers the loader to plugins, which no host should do; gives what came of it, place by place. */
async function offerLoader(
  { registry, loader }: LoaderHost,
  url: string,
): Promise<readonly (readonly string[])[]> {
  const told: string[][] = [];
  const ways = [
    () => loader.load(url),
    () => loader.reload(url),
    () => loader.unload(url),
    () => loader[Symbol.asyncDispose](),
  ];
  await registry.register({
    metadata: { id: "acme.meddler", version: "1.0.0" },
    onLoad: ({ services }) =>
      void services.provide("meddle", {
        async all(place: string) {
          const outcomes: string[] = [];
          for (const way of ways) outcomes.push(await outcomeOf(way));
          told.push([place, ...outcomes]);
        },
      }),
  });
  return told;
}

/** A plugin that tries all of it in its hooks. */
const MEDDLING = `
  let meddle;
  export default {
    metadata: { id: "acme.a", version: "1.0.0" },
    async onLoad({ services }) {
      meddle = services.require("meddle");
      await meddle.all("onLoad");
    },
    saveState: () => meddle.all("saveState"),
    onUnload: () => meddle.all("onUnload"),
  };`;

Deno.test.each<{ isolation: Isolation }>([
  { isolation: "inline" },
  { isolation: "worker" },
  { isolation: "process" },
])(
  "loader: a hook ($isolation) that would wait for itself is refused at once",
  async ({ isolation }) => {
    await using file = await createModuleFile(MEDDLING);
    // Time that nothing ends: what waits for itself waits for ever.
    await using host = createLoaderHost({ limits: { hookMs: 60_000 } });
    const told = await offerLoader(host, file.url);
    await host.loader.load(file.url, { isolation });
    await host.loader.reload(file.url);
    await host.loader.unload(file.url);
    const refused = Array(4).fill("PLUGIN_IN_TRANSITION");
    const places = ["onLoad", "saveState", "onLoad", "onUnload", "onUnload"];
    assertEquals(told, places.map((place) => [place, ...refused]));
  },
);

Deno.test("loader: a clean-up that would wait for itself is refused at once", async () => {
  await using file = await createModuleFile(`export default {
    metadata: { id: "acme.a", version: "1.0.0" },
    onLoad({ services, onDispose }) {
      const meddle = services.require("meddle");
      onDispose(() => meddle.all("a clean-up"));
    },
  };`);
  await using host = createLoaderHost();
  const told = await offerLoader(host, file.url);
  await host.loader.load(file.url, { isolation: "inline", timeoutMs: 60_000 });
  await host.loader.unload(file.url);
  const refused = Array(4).fill("PLUGIN_IN_TRANSITION");
  assertEquals(told, [["a clean-up", ...refused]]);
});

Deno.test("loader: what waits for no hook may be asked for in one", async () => {
  await using host = createLoaderHost();
  await using first = await createModuleFile(`export default {
      metadata: { id: "acme.first", version: "1.0.0" },
      onLoad: (context) =>
        context.publish({ kind: "Custom", eventType: "wanted", data: 1 }),
    };`);
  const second = host.serve("second.js", plugin("acme.second"));
  const third = host.serve("third.js", plugin("acme.third"));
  const loads: Promise<unknown>[] = [];
  host.events.subscribe("wanted", () => {
    loads.push(host.loader.load(second));
  });
  await host.loader.load(first.url, { isolation: "inline" });
  await Promise.all(loads);
  assertEquals(host.registry.listPlugins(), ["acme.first", "acme.second"]);
  // A hook that the loader does not wait for waits for the loader.
  await host.registry.register({
    metadata: { id: "acme.own", version: "1.0.0" },
    onLoad: async () => void await host.loader.load(third),
  });
  assertEquals(host.registry.has("acme.third"), true);
});

Deno.test("loader: the refusal names the hook that would wait for itself", async () => {
  await using host = createLoaderHost();
  await using file = await createModuleFile(`export default {
    metadata: { id: "acme.a", version: "1.0.0" },
    onLoad: ({ services }) => services.require("meddle").load(),
  };`);
  await host.registry.register({
    metadata: { id: "acme.meddler", version: "1.0.0" },
    onLoad: ({ services }) =>
      void services.provide("meddle", {
        load: () => host.loader.load(file.url),
      }),
  });
  const error = await host.loader.load(file.url, { isolation: "inline" })
    .catch((error) => error);
  assertEquals(error.cause.details, { id: "acme.a", state: "loading" });
  assertStringIncludes(
    error.cause.message,
    'Cannot load plugins in onLoad of plugin "acme.a": it is loading',
  );
});
