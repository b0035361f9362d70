import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { isCoded, type JsonObject } from "../base/mod.ts";
import {
  failure,
  needs,
  type Plugins,
  resolve,
  sourceOf,
} from "./resolve_fixture_test.ts";
import {
  type EngineResolveOptions,
  resolvePlugins,
} from "./resolve_plugins.ts";

Deno.test("resolve() chain: the newest that fits, dependencies first", async () => {
  const plugins = {
    a: { "1.0.0": {}, "1.1.0": {}, "2.0.0": {}, "1.2.0-beta.1": {} },
    b: { "1.0.0": needs({ a: "^1.0.0" }) },
    c: { "1.0.0": needs({ b: "*" }), "0.9.0": {} },
  };
  assertEquals(await resolve(plugins, { c: "*" }), {
    order: ["a", "b", "c"],
    versions: { a: "1.1.0", b: "1.0.0", c: "1.0.0" },
    edges: { a: [], b: ["a"], c: ["b"] },
  });
});

Deno.test("resolve() diamond: one version for both", async () => {
  const plugins = {
    a: { "1.0.0": {}, "1.1.0": {}, "1.2.0": {} },
    b: { "1.0.0": needs({ a: ">=1.1.0" }) },
    c: { "1.0.0": needs({ a: "<1.2.0" }) },
    d: { "1.0.0": needs({ b: "*", c: "*" }) },
  };
  const { order, versions } = await resolve(plugins, { d: "*" });
  assertEquals(order, ["a", "b", "c", "d"]);
  assertEquals(versions, { a: "1.1.0", b: "1.0.0", c: "1.0.0", d: "1.0.0" });
});

Deno.test("resolve() self: a circle of one, or a range that it is not in", async () => {
  const plugins = {
    a: { "1.0.0": needs({ a: "^1.0.0" }) },
    b: { "1.0.0": {}, "1.1.0": needs({ b: "^1.0.0 <1.1.0" }) },
  };
  const error = await failure(plugins, { a: "*" });
  assertEquals(error.code, "DEPENDENCY_CYCLE");
  assertEquals(error.details, { cycle: ["a"] });
  assertEquals((await resolve(plugins, { b: "*" })).versions, { b: "1.0.0" });
});

Deno.test("resolve() two- and three-cycles sharing a node: the short one is named", async () => {
  const plugins = {
    a: { "1.0.0": needs({ b: "*", c: "*" }) },
    b: { "1.0.0": needs({ a: "*" }) },
    c: { "1.0.0": needs({ d: "*" }) },
    d: { "1.0.0": needs({ a: "*" }) },
  };
  const error = await failure(plugins, { d: "*" });
  assertEquals(error.code, "DEPENDENCY_CYCLE");
  assertEquals(error.details, { cycle: ["a", "b"] });
});

Deno.test("resolve() missing: says so first, with the name that was meant", async () => {
  const plugins = {
    "acme.net": { "1.0.0": {} },
    "acme.vis": { "1.0.0": needs({ "acme.cor": "*" }) },
  };
  const error = await failure(plugins, { "acme.nett": "^1.0.0" });
  assertEquals(error.code, "RESOLUTION_FAILED");
  assertEquals(
    error.message,
    `Cannot resolve plugins: Missing: there is no plugin "acme.nett"
  "acme.nett" ^1.0.0 is asked for
"acme.nett":
  ^1.0.0  asked for
  exist   nothing
Each of these helps, tried by resolving again:
  Ask for "acme.net" ^1.0.0 in place of "acme.nett"`,
  );
  const requests = { "acme.net": "*", "acme.vis": "*" };
  const other = await failure(plugins, requests);
  assertStringIncludes(other.message, 'Missing: there is no plugin "acme.cor"');
  assertEquals(other.details.suggestions, [{
    text: 'Do without "acme.vis"',
    change: { kind: "drop", id: "acme.vis" },
  }]);
});

Deno.test("resolve() range not met: shows what exists, and the range that works", async () => {
  const plugins = {
    "acme.net": { "1.0.0": {}, "1.1.0": {}, "1.2.0-rc.1": {} },
  };
  const error = await failure(plugins, { "acme.net": "^2.0.0" });
  assertEquals(
    error.message,
    `Cannot resolve plugins: Missing: no version of "acme.net" that exists lies in the range that is wanted
  "acme.net" ^2.0.0 is asked for
"acme.net":
  ^2.0.0  asked for
  exist   1.2.0-rc.1, 1.1.0, 1.0.0
Each of these helps, tried by resolving again:
  Ask for "acme.net" ^1.1.0`,
  );
});

const CLASH = {
  net: {
    "1.0.0": needs({ core: "^1.0.0" }),
    "1.1.0": needs({ core: "^1.0.0" }),
  },
  vis: {
    "0.9.0": needs({ core: "^1.0.0" }),
    "1.0.0": needs({ core: "^2.0.0", other: "*" }),
  },
  core: { "1.0.0": {}, "1.2.0": {}, "2.0.0": {} },
  other: { "1.0.0": {} },
};

Deno.test("resolve() conflict: the shortest chain, the ranges side by side, verified fixes", async () => {
  const error = await failure(CLASH, { net: "*", vis: "^1.0.0", other: "*" });
  assertEquals(
    error.message,
    `Cannot resolve plugins: Conflict: "core" is wanted in ranges that no version lies in together
  "net" * is asked for
  "vis" ^1.0.0 is asked for
  every version of "net" depends on "core" ^1.0.0
  "vis" >=1.0.0 depends on "core" ^2.0.0
"core":
  ^1.0.0  wanted by net
  ^2.0.0  wanted by vis >=1.0.0
  exist   2.0.0, 1.2.0, 1.0.0
Each of these helps, tried by resolving again:
  Ask for "vis" ^0.9.0
  Override what dependents want of "core" with ^2.0.0
  Do without "net"
  Do without "vis"`,
  );
  assertEquals(
    (error.details.derivation as JsonObject).kind,
    "conflict",
  );
});

Deno.test.each<{
  name: string;
  plugins: Plugins;
  options: Partial<EngineResolveOptions>;
  says: string[];
}>([
  {
    name: "excluded by policy",
    plugins: { a: { "1.0.0": {}, "1.1.0": {} } },
    options: { exclusions: [{ id: "a", reason: "not reviewed" }] },
    says: [
      "Blocked by policy:",
      'every version of "a" is excluded: not reviewed',
      'Allow "a" *, which is excluded',
    ],
  },
  {
    name: "engine",
    plugins: { a: { "1.0.0": { engines: { spiraltorch: "^2.1.0" } } } },
    options: {},
    says: [
      "Engine:",
      'every version of "a" works with spiraltorch ^2.1.0, found 0.1.0',
      "Use spiraltorch 2.1.0",
    ],
  },
  {
    name: "yanked",
    plugins: { a: { "1.0.0": { yanked: "it leaks" } } },
    options: {},
    says: [
      "Yanked:",
      'every version of "a" was withdrawn: it leaks',
      'Lock "a" 1.0.0, which was withdrawn',
    ],
  },
])(
  "resolve() says first that it is $name",
  async ({ plugins, options, says }) => {
    const { message } = await failure(plugins, { a: "*" }, options);
    assertStringIncludes(message, `Cannot resolve plugins: ${says[0]}`);
    for (const part of says) assertStringIncludes(message, part);
  },
);

Deno.test("resolve() offers no fix that does not help", async () => {
  // Allowing core 2.0.0 would not help: net needs core 1.
  const exclusions = [{ id: "core", range: ">=2.0.0", reason: "new" }];
  const requests = { net: "*", vis: "^1.0.0" };
  const error = await failure(CLASH, requests, { exclusions });
  assertStringIncludes(error.message, "Blocked by policy");
  const texts = (error.details.suggestions as JsonObject[]).map(({ text }) =>
    text
  );
  assertEquals(texts, [
    'Ask for "vis" ^0.9.0',
    'Override what dependents want of "core" with ^1.2.0',
    'Do without "vis"',
  ]);
});

Deno.test("resolve() goes on with older versions where newer ones are ruled out", async () => {
  const plugins: Plugins = {
    a: {
      "1.0.0": {},
      "1.1.0": { yanked: true },
      "1.2.0": { engines: { spiraltorch: ">=1.0.0" } },
      "1.3.0": {},
    },
  };
  const exclusions = [{ id: "a", range: "1.3.x", reason: "slow" }];
  const plan = await resolve(plugins, { a: "*" }, { exclusions });
  assertEquals(plan.versions, { a: "1.0.0" });
  const locked = { a: "1.1.0" };
  const kept = await resolve(plugins, { a: "*" }, { exclusions, locked });
  assertEquals(kept.versions, { a: "1.1.0" });
});

Deno.test("resolve() prefers locked versions, unless newest ones are preferred", async () => {
  const plugins = { a: { "1.0.0": {}, "1.1.0": {}, "2.0.0": {} } };
  const locked = { a: "1.0.0" };
  const versionOf = async (options: Partial<EngineResolveOptions>) =>
    (await resolve(plugins, { a: "^1.0.0" }, { locked, ...options })).versions
      .a;
  assertEquals(await versionOf({}), "1.0.0");
  assertEquals(await versionOf({ prefer: "newest" }), "1.1.0");
  assertEquals(await versionOf({ locked: { a: "2.0.0" } }), "1.1.0");
});

Deno.test("resolve() takes an optional dependency along only where nothing speaks against it", async () => {
  const plugins: Plugins = {
    a: { "1.0.0": { optionalDependencies: { b: "^1.0.0", gone: "*" } } },
    b: { "1.0.0": {}, "1.1.0": needs({ c: "^2.0.0" }) },
    c: { "1.0.0": {}, "2.0.0": {} },
  };
  const { versions, edges } = await resolve(plugins, { a: "*", c: "^1.0.0" });
  assertEquals(versions, { a: "1.0.0", b: "1.0.0", c: "1.0.0" });
  assertEquals(edges.a, ["b"]);
  // Whoever asks for another version of it gets neither.
  const error = await failure(plugins, { a: "*", b: "<1.0.0" });
  assertStringIncludes(error.message, "Missing:");
  delete plugins.b!["1.0.0"];
  const without = await resolve(plugins, { a: "*", c: "^1.0.0" });
  assertEquals(without.versions, { a: "1.0.0", c: "1.0.0" });
});

Deno.test("resolve() lets a substitute stand in for what is not there", async () => {
  const plugins: Plugins = {
    a: { "1.0.0": needs({ log: "^1.0.0" }) },
    quiet: {
      "1.0.0": { provides: { log: "1.4.0" } },
      "2.0.0": { provides: { log: "2.0.0" } },
    },
  };
  assertEquals(await resolve(plugins, { a: "*" }), {
    order: ["quiet", "a"],
    versions: { quiet: "1.0.0", a: "1.0.0" },
    edges: { quiet: [], a: ["quiet"] },
  });
  const error = await failure(plugins, { a: "*", quiet: "^2.0.0" });
  assertStringIncludes(
    error.message,
    '"quiet" 1.0.0 stands in for "log"',
  );
  // The plugin itself comes first.
  plugins.log = { "1.0.0": {} };
  const { order } = await resolve(plugins, { a: "*" });
  assertEquals(order, ["log", "a"]);
});

Deno.test("resolve() lets an override replace what dependents want, not what is asked for", async () => {
  const overrides = { core: "^2.0.0" };
  const requests = { net: "*", vis: "^1.0.0" };
  const { versions } = await resolve(CLASH, requests, { overrides });
  assertEquals(versions.core, "2.0.0");
  const asked = { ...requests, core: "^1.0.0" };
  const error = await failure(CLASH, asked, { overrides });
  assertStringIncludes(error.message, '"core" ^2.0.0 (by an override)');
});

Deno.test("resolve() asks only about versions that it considers, and once", async () => {
  const asked: string[] = [];
  const source = sourceOf(CLASH, asked);
  await resolvePlugins({ net: "*" }, source, { engineVersion: "0.1.0" });
  assertEquals(asked, ["net 1.1.0", "core 1.2.0"]);
});

Deno.test.each<{ name: string; call: () => Promise<unknown>; code: string }>([
  {
    name: "a range that is none",
    call: () => resolve({}, { a: "latest" }),
    code: "INVALID_OPTION",
  },
  {
    name: "requests that are none",
    call: () => resolve({}, null as never),
    code: "INVALID_OPTION",
  },
  {
    name: "a source that is none",
    call: () => resolvePlugins({}, {} as never, { engineVersion: "1.0.0" }),
    code: "INVALID_OPTION",
  },
  {
    name: "a locked version that is none",
    call: () => resolve({}, {}, { locked: { a: "^1.0.0" } }),
    code: "INVALID_OPTION",
  },
  {
    name: "a preference that is none",
    call: () => resolve({}, {}, { prefer: "oldest" as never }),
    code: "INVALID_OPTION",
  },
  {
    name: "an exclusion's range that is none",
    call: () =>
      resolve({}, {}, { exclusions: [{ id: "a", range: "?", reason: "" }] }),
    code: "INVALID_OPTION",
  },
  {
    name: "a version of the source that is none",
    call: () => resolve({ a: { one: {} } }, { a: "*" }),
    code: "PLUGIN_METADATA_INVALID",
  },
  {
    name: "a range of the source that is none",
    call: () => resolve({ a: { "1.0.0": needs({ b: "?" }) } }, { a: "*" }),
    code: "PLUGIN_METADATA_INVALID",
  },
])("resolve() refuses $name", async ({ call, code }) => {
  const error = await assertRejects(call);
  assert(isCoded(error));
  assertEquals(error.code, code);
});
