// What a resolution may cost, and how it is ended.

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { OptionError } from "../base/mod.ts";
import type { PluginSource } from "./plugin_source.ts";
import {
  failure,
  needs,
  type Plugins,
  resolve,
} from "./resolve_fixture_test.ts";
import { resolvePlugins } from "./resolve_plugins.ts";
import { requestsFor, syntheticSource } from "./synthetic_source_test.ts";

Deno.test("resolve() asks a slow source for several things at once, each once", async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `p${index}`);
  const asked: string[] = [];
  let [underway, most] = [0, 0];
  const plan = await resolvePlugins({ root: "*" }, {
    versions: () => ["1.0.0", "1.1.0"],
    async metadata(id, version) {
      asked.push(`${id} ${version}`);
      most = Math.max(most, ++underway);
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      underway--;
      const wanted = id === "root" ? ids.map((name) => [name, "^1.0.0"]) : [];
      return needs(Object.fromEntries(wanted));
    },
  }, { engineVersion: "0.1.0" });
  assertEquals(plan.order.length, 41);
  assertEquals(asked, [...new Set(asked)]);
  assertEquals(asked.length, 41); // only versions that are taken
  assertEquals(most, 16);
});

Deno.test("resolve() passes on what a source throws that is asked ahead", async () => {
  const source: PluginSource = {
    versions: () => ["1.0.0"],
    metadata: (id) =>
      id === "b"
        ? Promise.reject(new RangeError("gone"))
        : Promise.resolve(needs(id === "root" ? { a: "*", b: "*" } : {})),
  };
  const options = { engineVersion: "0.1.0" };
  await assertRejects(
    () => resolvePlugins({ root: "*" }, source, options),
    RangeError,
    "gone",
  );
});

Deno.test.each([{ count: 500 }, { count: 1000 }, { count: 2000 }])(
  "resolve() of $count plugins takes few steps more than there are, though some have narrow ranges",
  async ({ count }) => {
    const { versions } = await resolvePlugins(
      requestsFor(count),
      syntheticSource(count, 2),
      { engineVersion: "0.1.0", stepsMax: Math.ceil(1.4 * count) },
    );
    assertEquals(versions.size, count);
  },
);

Deno.test("resolve() explains a failure among 1,000 plugins with the facts that matter", async () => {
  const plugins: Plugins = {};
  for (let index = 0; index < 1000; index++) {
    const before = [1, 7, 31].filter((step) => step <= index)
      .map((step) => [`p${index - step}`, "^1.0.0"]);
    const dependencies = Object.fromEntries(before);
    plugins[`p${index}`] = {
      "1.0.0": needs(dependencies),
      "1.1.0": needs(dependencies),
    };
  }
  // Far apart, so that the derivation leads through many others.
  plugins.p500!["1.0.0"] = plugins.p500!["1.1.0"] = needs({ p0: "<1.1.0" });
  plugins.p999!["1.0.0"] = plugins.p999!["1.1.0"] = needs({
    p0: "^1.1.0",
    p500: "*",
  });
  const requests = Object.fromEntries(
    Object.keys(plugins).map((id) => [id, "*"]),
  );
  const { message } = await failure(plugins, requests);
  assertStringIncludes(message, 'Conflict: "p0" is wanted in ranges');
  assertEquals(message.split("\n").length < 20, true, message);
  assertStringIncludes(message, 'Do without "p999"');
});

Deno.test("resolve() ends with its signal, also while a source keeps it waiting", async () => {
  const signal = AbortSignal.abort(new RangeError("enough"));
  const plugins = { a: { "1.0.0": {} } };
  await assertRejects(
    () => resolve(plugins, { a: "*" }, { signal }),
    RangeError,
    "enough",
  );
  const controller = new AbortController();
  const source: PluginSource = {
    versions: () => ["1.0.0"],
    metadata: () => new Promise(() => {}),
  };
  const options = { engineVersion: "0.1.0", signal: controller.signal };
  const resolving = resolvePlugins({ a: "*" }, source, options);
  controller.abort(new RangeError("never answers"));
  await assertRejects(() => resolving, RangeError, "never answers");
});

Deno.test("resolve() gives up after the steps it may take", async () => {
  const plugins = { a: { "1.0.0": {} }, b: { "1.0.0": {} } };
  const requests = { a: "*", b: "*" };
  const error = await failure(plugins, requests, { stepsMax: 2 });
  assertEquals(error.code, "RESOLUTION_LIMIT");
  assertEquals(error.details, { stepsMax: 2 });
  const { order } = await resolve(plugins, requests, { stepsMax: 3 });
  assertEquals(order, ["a", "b"]);
  await assertRejects(
    () => resolve(plugins, requests, { stepsMax: 0 }),
    OptionError,
    "a positive integer",
  );
});
