import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { isCoded, type JsonObject, OptionError } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import type { CandidateMetadata, PluginSource } from "./plugin_source.ts";
import {
  type EngineResolveOptions,
  resolvePlugins,
} from "./resolve_plugins.ts";

type Plugins = Record<string, Record<string, CandidateMetadata>>;

/** A source over a table; `id version` in `asked` for each metadata that was asked for. */
function sourceOf(plugins: Plugins, asked: string[] = []): PluginSource {
  return {
    versions: (id) => Object.keys(plugins[id] ?? {}),
    metadata: (id, version) => {
      asked.push(`${id} ${version}`);
      return Promise.resolve(plugins[id]![version]!);
    },
    providers: (id) =>
      Object.keys(plugins).filter((name) =>
        Object.values(plugins[name]!).some(({ provides }) => provides?.[id])
      ),
    ids: () => Object.keys(plugins),
  };
}

const needs = (dependencies: Record<string, string>) => ({ dependencies });

async function resolve(
  plugins: Plugins,
  requests: Record<string, string>,
  options: Partial<EngineResolveOptions> = {},
) {
  const plan = await resolvePlugins(requests, sourceOf(plugins), {
    engineVersion: "0.1.0",
    ...options,
  });
  return {
    order: plan.order,
    versions: Object.fromEntries(plan.versions),
    edges: Object.fromEntries(plan.edges),
  };
}

async function failure(
  plugins: Plugins,
  requests: Record<string, string>,
  options: Partial<EngineResolveOptions> = {},
): Promise<PluginError> {
  return await assertRejects(
    () => resolve(plugins, requests, options),
    PluginError,
  );
}

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
