// Plugins that share a process because the policy says that they may.

import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { OptionError } from "../base/mod.ts";
import type { PluginEvent } from "../events/event.ts";
import { createLoaderHost, loadFailure, plugin } from "./loader_host_test.ts";
import type { LoaderHost } from "./loader_host_test.ts";

/** A host that puts all plugins of its server into one group, but for those under `/own/`. */
function createGroupHost(): LoaderHost {
  const policy: { groups: Record<string, string[]> } = { groups: {} };
  const host = createLoaderHost({
    policy,
    consent: () => Promise.resolve(true),
  });
  policy.groups["views"] = [`${host.origin}/views/`];
  return host;
}

const ADD = "onLoad: (c) => void c.operators.register({ name: c.pluginId })";

Deno.test("plugins of a group share a process, and others do not", async () => {
  await using host = createGroupHost();
  const handles = await host.loader.load([
    host.serve("views/a.js", plugin("a", ADD)),
    host.serve("own/b.js", plugin("b", ADD)),
    host.serve(
      "views/c.js",
      `import "./a.js";
       export default [${
        ["c", "d"].map((id) =>
          plugin(id, ADD).replace("export default ", "").replace(";", "")
        )
      }];`,
    ),
  ]);
  assertEquals(handles.map(({ id }) => id), ["a", "b", "c", "d"]);
  const pids = Object.fromEntries(
    host.loader.reports().map(({ pluginId, pid }) => [pluginId, pid]),
  );
  assertEquals([pids["a"], pids["a"]], [pids["c"], pids["d"]]);
  assertNotEquals(pids["a"], pids["b"]);
  // One goes, and the others stay.
  await host.loader.unload(`${host.origin}/views/a.js`);
  assertEquals([...host.entries.keys()].sort(), ["b", "c", "d"]);
  assertEquals(host.loader.reports().map(({ pid }) => pid), [
    pids["b"],
    pids["c"],
    pids["c"],
  ]);
});

Deno.test("plugins of a group that get different things have processes of their own", async () => {
  await using host = createGroupHost();
  const asking = (id: string, port: number) =>
    plugin(id).replace(
      `version: "1.0.0"`,
      `version: "1.0.0", permissions: { net: ["api.example:${port}"] }`,
    );
  await host.loader.load([
    host.serve("views/a.js", plugin("a")),
    host.serve("views/b.js", asking("b", 443)),
    host.serve("views/c.js", asking("c", 443)),
    host.serve("views/d.js", asking("d", 444)),
  ]);
  const pids = host.loader.reports().map(({ pid }) => pid);
  assertEquals(pids[1], pids[2]);
  assertEquals(new Set(pids).size, 3);
});

Deno.test("plugins of a group that is ended go together, and each is told of", async () => {
  await using host = createGroupHost();
  await host.loader.load(
    ["a", "b", "c"].map((id) => host.serve(`views/${id}.js`, plugin(id))),
  );
  const gone: PluginEvent[] = [];
  const all = new Promise<void>((resolve) => {
    host.events.subscribe("PluginUnloaded", (event) => {
      if (gone.push(event) === 3) resolve();
    });
  });
  Deno.kill(host.loader.reports()[0]!.pid!, "SIGKILL");
  await all;
  for (const event of gone) {
    assert(event.kind === "PluginUnloaded" && event.error?.includes("SIGKILL"));
  }
  assertEquals(host.registry.listPlugins(), []);
});

Deno.test("plugins of a group come back into one process", async () => {
  await using host = createGroupHost();
  await host.loader.load(
    ["a", "b"].map((id) => host.serve(`views/${id}.js`, plugin(id))),
    { restart: { delayMs: 1 } },
  );
  const [before] = host.loader.reports();
  const back = new Promise<void>((resolve) => {
    let count = 0;
    host.events.subscribe("PluginLoaded", () => {
      if (++count === 2) resolve();
    });
  });
  Deno.kill(before!.pid!, "SIGKILL");
  await back;
  await host.loader.load([]);
  const [a, b] = host.loader.reports();
  assertEquals(a!.pid, b!.pid);
  assertNotEquals(a!.pid, before!.pid);
});

Deno.test("the error of one module of a group names it, and nothing of the group is left", async () => {
  await using host = createGroupHost();
  const error = await loadFailure(host, [
    host.serve("views/a.js", plugin("a")),
    host.serve("views/b.js", "throw new RangeError('no luck')"),
  ]);
  assertEquals(error.code, "PLUGIN_IMPORT_FAILED");
  assertEquals(error.details["url"], `${host.origin}/views/b.js`);
});

Deno.test("a plugin of a group that is reloaded gets a process of its own", async () => {
  await using host = createGroupHost();
  const urls = ["a", "b"].map((id) =>
    host.serve(`views/${id}.js`, plugin(id, ADD))
  );
  await host.loader.load(urls);
  const [before] = host.loader.reports();
  await host.loader.reload(urls[0]!);
  const pids = new Map(
    host.loader.reports().map(({ pluginId, pid }) => [pluginId, pid]),
  );
  assertEquals(pids.get("b"), before!.pid);
  assertNotEquals(pids.get("a"), before!.pid);
});

Deno.test("only the policy of a loader names groups", async () => {
  await using host = createLoaderHost();
  const url = host.serve("a.js", plugin("a"));
  const permissions = { groups: { all: [`${host.origin}/`] } };
  await assertRejects(
    () => host.loader.load(url, { permissions }),
    OptionError,
    "permissions.groups",
  );
});
