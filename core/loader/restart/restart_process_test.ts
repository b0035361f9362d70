// Plugins that come back: real processes, killed as a crash would.

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { AuditRecord } from "../policy/audit.ts";
import { createLoaderHost, plugin } from "../loader_host_test.ts";
import type { LoaderHost } from "../loader_host_test.ts";

/** Resolves once a plugin has been loaded that many more times. */
function loaded(
  { events }: LoaderHost,
  pluginId: string,
): Promise<void> {
  return new Promise((resolve) => {
    events.subscribe("PluginLoaded", (event) => {
      if (event.kind === "PluginLoaded" && event.pluginId === pluginId) {
        resolve();
      }
    });
  });
}

const RESTART = { attemptsMax: 2, delayMs: 1 };

Deno.test("a plugin whose process is killed comes back with those that need it, as new ones", async () => {
  const audit: AuditRecord[] = [];
  await using host = createLoaderHost({
    audit: (record) => audit.push(record),
  });
  const handles = [
    ...await host.loader.load("./registers_operator/mod.ts", {
      restart: RESTART,
    }),
    // What did not fail itself comes back whatever is said of its own failures.
    ...await host.loader.load("./depends_on_another/mod.ts"),
  ];
  const [before, dependent] = host.loader.reports();
  const back = loaded(host, "fixture.dependent");
  Deno.kill(before!.pid!, "SIGKILL");
  await back;
  await host.loader.load([]);
  assertEquals(host.registry.listPlugins(), [
    "fixture.dependent",
    "fixture.double",
  ]);
  assertEquals(handles.map(({ state }) => state), ["absent", "absent"]);
  const [after, dependentAfter] = host.loader.reports();
  assertEquals(after!.digest, before!.digest);
  assertNotEquals(after!.pid, before!.pid);
  assertNotEquals(dependentAfter!.pid, dependent!.pid);
  assertEquals(audit.filter(({ rule }) => rule.startsWith("restart:")), [{
    url: new URL(
      "../../../tests/fixtures/plugins/registers_operator/mod.ts",
      import.meta.url,
    ).href,
    pluginIds: ["fixture.double"],
    resource: "restart 1 of 2",
    decision: "granted",
    rule: "restart:on-failure",
  }]);
});

Deno.test("a plugin comes back with the same settings and grants, and nobody is asked again", async () => {
  let asked = 0;
  await using host = createLoaderHost({
    consent: () => Promise.resolve(++asked === 1),
  });
  const url = host.serve(
    "mod.js",
    `export default {
      metadata: {
        id: "a",
        version: "1.0.0",
        permissions: { net: ["api.example:443"] },
      },
      onLoad: (c) => c.log.info(\`found \${c.config.get("depth")}\`),
    };`,
  );
  const config = { a: { depth: 2 } };
  await host.loader.load(url, { restart: RESTART, config });
  const back = loaded(host, "a");
  Deno.kill(host.loader.reports()[0]!.pid!, "SIGKILL");
  await back;
  assertEquals(host.log.map(({ message }) => message), [
    "found 2",
    "found 2",
  ]);
  assertEquals(asked, 1);
});

Deno.test("a plugin that always dies comes back as often as it is said, and no more", async () => {
  const audit: string[] = [];
  const over = Promise.withResolvers<void>();
  await using host = createLoaderHost({
    audit: ({ decision, rule }) => {
      audit.push(`${decision} ${rule}`);
      if (rule === "restart:attempts-max") over.resolve();
    },
  });
  const url = host.serve(
    "mod.js",
    plugin("a", "onLoad() { setTimeout(() => Deno.exit(3), 1); }"),
  );
  await host.loader.load(url, { restart: RESTART });
  await over.promise;
  assertEquals(audit.filter((line) => line.includes("restart:")), [
    "granted restart:on-failure",
    "granted restart:on-failure",
    "refused restart:attempts-max",
  ]);
  assertEquals(host.registry.listPlugins(), []);
});

Deno.test("a plugin comes back made of the same bytes, or not at all", async () => {
  const audit: string[] = [];
  const over = Promise.withResolvers<void>();
  await using host = createLoaderHost({
    audit: ({ rule }) => {
      audit.push(rule);
      if (rule === "restart:attempts-max") over.resolve();
    },
  });
  const url = host.serve("mod.js", plugin("a"));
  await host.loader.load(url, { restart: RESTART });
  host.serve("mod.js", plugin("a", "onLoad: (c) => c.log.info('other')"));
  const [report] = host.loader.reports();
  Deno.kill(report!.pid!, "SIGKILL");
  await over.promise;
  assertEquals(host.registry.listPlugins(), []);
  assert(!host.log.some(({ message }) => message === "other"));
});

Deno.test("a plugin that waits to come back is unloaded by its specifier", async () => {
  const waiting = Promise.withResolvers<void>();
  await using host = createLoaderHost({
    audit: ({ rule }) => rule === "restart:on-failure" && waiting.resolve(),
  });
  const url = host.serve("mod.js", plugin("a"));
  await host.loader.load(url, {
    restart: { delayMs: 60_000, delayMsMax: 60_000 },
  });
  Deno.kill(host.loader.reports()[0]!.pid!, "SIGKILL");
  await waiting.promise;
  // A timer that were left would be found by the sanitizers.
  assertEquals(await host.loader.unload(url), []);
});
