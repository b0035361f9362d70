import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { PluginError } from "../errors.ts";
import { isAlive } from "../sandbox/processes_test.ts";
import {
  createLoaderHost,
  createModuleFile,
  loadFailure,
  plugin,
} from "./loader_host_test.ts";

Deno.test("DynamicPluginLoader loads from a file, by a path", async () => {
  await using host = createLoaderHost();
  const [handle] = await host.loader.load("./registers_operator/mod.ts");
  assertEquals([handle?.id, handle?.isolation], ["fixture.double", "process"]);
  assertEquals(handle?.contributions(), ["operator fixture:double"]);
  const { bytes } = await host.entries.get("fixture:double")!
    .apply("", Uint8Array.of(21));
  assertEquals(bytes, Uint8Array.of(42));
  const [report] = host.loader.reports();
  assertEquals(report?.specifier, "./registers_operator/mod.ts");
  assertEquals(report?.limitsNotInForce, []);
  assertEquals(isAlive(report!.pid!), true);
  await host.registry.unregister("fixture.double");
  assertEquals(isAlive(report!.pid!), false);
  assertEquals(host.loader.reports(), []);
});

Deno.test("DynamicPluginLoader loads over HTTP, in load order, a process each", async () => {
  await using host = createLoaderHost();
  const handles = await host.loader.load([
    `${host.origin}/depends_on_another/mod.ts`,
    `${host.origin}/registers_operator/mod.ts`,
  ]);
  assertEquals(handles.map(({ id }) => id), [
    "fixture.double",
    "fixture.dependent",
  ]);
  const reports = host.loader.reports();
  assertEquals(reports.map(({ pluginId }) => pluginId), [
    "fixture.double",
    "fixture.dependent",
  ]);
  assertEquals(new Set(reports.map(({ pid }) => pid)).size, 2);
  assertEquals([...host.asked].sort(), [
    "/depends_on_another/mod.ts",
    "/registers_operator/lib/double.ts",
    "/registers_operator/mod.ts",
  ]);
});

Deno.test("DynamicPluginLoader gives a graph one digest wherever it comes from", async () => {
  const digests: (string | undefined)[] = [];
  for (const prefix of [".", "http"]) {
    await using host = createLoaderHost();
    const base = prefix === "." ? "." : host.origin;
    await host.loader.load(`${base}/registers_operator/mod.ts`);
    digests.push(host.loader.reports()[0]?.digest);
  }
  assertMatch(digests[0] ?? "", /^sha256-/);
  assertEquals(digests[0], digests[1]);
});

Deno.test("DynamicPluginLoader holds a plugin to its digest", async () => {
  await using host = createLoaderHost();
  const source = plugin("acme.a", "/* first */");
  const url = host.serve("mod.js", source);
  await host.loader.load(url);
  const integrity = host.loader.reports()[0]!.digest!;
  await host.registry.unregister("acme.a");

  await host.loader.load(url, { integrity });
  await host.registry.unregister("acme.a");

  host.serve("mod.js", source.replace("first", "other"));
  const error = await loadFailure(host, url, { integrity });
  assertEquals(error.code, "INTEGRITY_MISMATCH");
  assertEquals(error.details.expected, integrity);
  assertMatch(String(error.details.found), /^sha256-/);
});

Deno.test("loader: bytes changed between hash and use cannot matter", async () => {
  await using host = createLoaderHost();
  const word = (text: string) => `export const word = "${text}"`;
  host.serve("late.js", word("first"));
  const members = `eventTypes: ["acme.step"],
    async onEvent(event, { log }) {
      const { word } = await import("./late.js");
      log.info(word);
    }`;
  await host.loader.load(host.serve("mod.js", plugin("acme.a", members)));
  // What is used late was hashed early, and is what runs.
  host.serve("late.js", word("second"));
  const eventType = "acme.step";
  await host.events.publishAsync({ kind: "Custom", eventType, data: null });
  assertEquals(host.log.map(({ message }) => message), ["first"]);
  assertEquals(host.asked, ["/mod.js", "/late.js"]);
});

Deno.test("loader: two specifiers sharing a dependency fetch it once", async () => {
  await using host = createLoaderHost();
  host.serve("shared.js", "export const version = '1.0.0'");
  const urls = ["a", "b"].map((id) =>
    host.serve(
      `${id}.js`,
      `import { version } from "./shared.js"; export default { metadata: { id: "${id}", version } }`,
    )
  );
  await host.loader.load(urls);
  assertEquals(host.registry.listPlugins(), ["a", "b"]);
  assertEquals(host.asked.toSorted(), ["/a.js", "/b.js", "/shared.js"]);
});

Deno.test("DynamicPluginLoader runs a graph with cycles, redirects, fragments and late imports", async () => {
  await using host = createLoaderHost();
  host.serve(
    "v2/lib.js",
    `import * as mod from "../v1/mod.js"; export const name = () => typeof mod`,
  );
  host.serve("lib.js", "-> /v2/lib.js");
  host.serve("late.js", "export const late = import.meta.url");
  host.serve(
    "v1/mod.js",
    `import { name } from "../lib.js#again";
    export default { metadata: { id: "acme.a", version: "1.0.0" }, async onLoad(context) {
      const { late } = await import("../late.js");
      context.log.info([name(), late, import.meta.url].join(" "));
    } }`,
  );
  await host.loader.load(host.serve("mod.js", "-> /v1/mod.js"));
  assertEquals(
    host.log.map(({ message }) => message.replaceAll(host.origin, "")),
    ["object /late.js /v1/mod.js"],
  );
});

Deno.test("DynamicPluginLoader passes settings to the plugin they are for", async () => {
  await using host = createLoaderHost();
  const show = "onLoad: (c) => c.log.info(JSON.stringify(c.config.list()))";
  const urls = ["a", "b"].map((id) => host.serve(`${id}.js`, plugin(id, show)));
  await host.loader.load(urls, { config: { b: { rate: 2 } } });
  assertEquals(host.log.map(({ source, message }) => [source, message]), [
    ["a", "[]"],
    ["b", '[["rate",2]]'],
  ]);
});

Deno.test("DynamicPluginLoader imports inline into its own realm", async () => {
  await using host = createLoaderHost();
  await using file = await createModuleFile(plugin("acme.inline"));
  const [handle] = await host.loader.load(file.url, { isolation: "inline" });
  assertEquals(handle?.isolation, "inline");
  assertEquals(handle?.instance().metadata.id, "acme.inline");
  assertEquals(host.loader.reports(), [{
    pluginId: "acme.inline",
    specifier: file.url,
    isolation: "inline",
    limitsNotInForce: [],
  }]);
});

Deno.test("loader: concurrent load calls run one after another", async () => {
  await using host = createLoaderHost();
  const [a, b] = ["a", "b"].map((id) =>
    host.serve(`${id}.js`, plugin(id, `onLoad: (c) => c.log.info("loaded")`))
  );
  const bad = host.serve("bad.js", "export default 1");
  const results = await Promise.allSettled([
    host.loader.load(a!),
    host.loader.load(bad),
    host.loader.load(b!),
  ]);
  assertEquals(results.map(({ status }) => status), [
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  assertEquals(host.asked, ["/a.js", "/bad.js", "/b.js"]);
});

Deno.test("DynamicPluginLoader unloads what it loaded when it is disposed, and loads no more", async () => {
  await using host = createLoaderHost();
  await host.registry.register({ metadata: { id: "other", version: "1.0.0" } });
  await host.loader.load("./registers_operator/mod.ts");
  const [report] = host.loader.reports();
  await host.loader[Symbol.asyncDispose]();
  assertEquals(host.registry.listPlugins(), ["other"]);
  assertEquals(isAlive(report!.pid!), false);
  const error = await assertRejects(
    () => host.loader.load("./registers_operator/mod.ts"),
    PluginError,
  );
  assertEquals(error.code, "LOADER_CLOSED");
});
