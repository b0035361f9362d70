import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { PluginMetadata } from "../../plugin/plugin.ts";
import type { LockedPlugin, LockEntries, LockEntry } from "./lock_entry.ts";
import { toLockedPlugin } from "./locked_plugin.ts";
import type { Resource } from "../policy/resource.ts";
import { parseLockfile } from "./parse_lockfile.ts";
import { LOCKFILE_HEADER, printLockfile } from "./print_lockfile.ts";

const LOCKFILE = "file:///srv/a/project/spiral.lock";
const HASH = `sha256-${"A".repeat(43)}=`;
const OTHER_HASH = `sha256-${"B".repeat(42)}A=`;
const ENTRY = "https://plugins.example/mod.ts";
const INDEX = "https://plugins.example/index.json";
const indexes = new Map([[INDEX, { serial: 7, signer: HASH }]]);

const SWISH: PluginMetadata = {
  id: "acme.swish",
  version: "1.2.3",
  description: "Smooth\n gates.",
  capabilities: ["Operators", "Backend:fpga", "Operators"],
  dependencies: { "acme.core": "^1.0.0" },
  optionalDependencies: { "acme.plots": "*" },
  provides: { "acme.gates": "2.0.0" },
};
/** What is written down of it. */
const SWISH_FACTS = [
  ["capability", "acme.swish", "Backend(fpga)"],
  ["capability", "acme.swish", "Operators"],
  ["description", "acme.swish", "Smooth gates."],
] as const;
const SWISH_RELATIONS = [
  ["needs", "acme.swish", "acme.core", "^1.0.0"],
  ["optional", "acme.swish", "acme.plots", "*"],
  ["plugin", "acme.swish", "1.2.3"],
  ["provides", "acme.swish", "acme.gates", "2.0.0"],
] as const;

function entryOf(url: string, rest: Partial<LockEntry> = {}): LockEntry {
  return {
    digest: HASH,
    modules: new Map([[url, { hash: HASH, isTypeScript: true }]]),
    redirects: new Map(),
    plugins: new Map([["acme.swish", toLockedPlugin(SWISH)]]),
    grants: [],
    ...rest,
  };
}

function lines(...facts: readonly unknown[]): string {
  return [LOCKFILE_HEADER, ...facts.map((fact) => JSON.stringify(fact)), ""]
    .join("\n");
}

Deno.test("printLockfile() writes one fact a line, sorted, files as seen from the lockfile", () => {
  const file = "file:///srv/a/project/plugins/own%20one.js";
  const entries: LockEntries = new Map([
    [ENTRY, entryOf(ENTRY)],
    [
      file,
      entryOf(file, {
        modules: new Map([
          [file, { hash: HASH, isTypeScript: false }],
        ]),
        redirects: new Map([["file:///srv/a/x.js", file]]),
      }),
    ],
  ]);
  assertEquals(
    printLockfile({ entries, indexes: new Map() }, LOCKFILE),
    lines(
      ...SWISH_FACTS.map((fact) => ["./plugins/own%20one.js", ...fact]),
      ["./plugins/own%20one.js", "digest", HASH],
      [
        "./plugins/own%20one.js",
        "module",
        "./plugins/own%20one.js",
        HASH,
        "js",
      ],
      ...SWISH_RELATIONS.map((fact) => ["./plugins/own%20one.js", ...fact]),
      [
        "./plugins/own%20one.js",
        "redirect",
        "../x.js",
        "./plugins/own%20one.js",
      ],
      ...SWISH_FACTS.map((fact) => [ENTRY, ...fact]),
      [ENTRY, "digest", HASH],
      [ENTRY, "module", ENTRY, HASH, "ts"],
      ...SWISH_RELATIONS.map((fact) => [ENTRY, ...fact]),
    ),
  );
});

const urls = fc.oneof(
  fc.webUrl({ withQueryParameters: true }).map((url) => new URL(url).href),
  fc.webPath().map((path) => new URL(`file:///srv${path}`).href),
);
const modules = fc.record({
  hash: fc.uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => `sha256-${bytes.toBase64()}`),
  isTypeScript: fc.boolean(),
});
const others = fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 })
  .map((others) => ({ ...others }));
const plugins: fc.Arbitrary<LockedPlugin> = fc.record({
  version: fc.string(),
  dependencies: others,
  optionalDependencies: others,
  provides: others,
  capabilities: fc.subarray(["Backend(fpga)", "Custom(x)", "Telemetry"]),
  description: fc.string({ minLength: 1 }),
}, {
  requiredKeys: [
    "version",
    "dependencies",
    "optionalDependencies",
    "provides",
    "capabilities",
  ],
});
const GRANTS: Resource[] = [
  { kind: "gpu", parts: [], text: "" },
  { kind: "net", parts: ["api.example", "443"], text: "api.example:443" },
  { kind: "read", parts: ["srv", "data"], text: "/srv/data" },
];
const entries: fc.Arbitrary<LockEntries> = fc.array(
  fc.record({
    url: urls,
    own: modules,
    others: fc.array(fc.tuple(urls, modules), { maxLength: 3 }),
    redirects: fc.array(fc.tuple(urls, urls), { maxLength: 2 }),
    plugins: fc.array(fc.tuple(fc.string(), plugins), { maxLength: 2 }),
    grants: fc.subarray(GRANTS),
    signer: fc.constantFrom({}, { signer: HASH }),
  }),
  { maxLength: 4 },
).map((list) =>
  new Map(list.map(({ url, own, others, signer, ...rest }) => {
    const { redirects, plugins, grants } = rest;
    const moved = new Map(redirects);
    const at = moved.get(url) ?? url;
    return [url, {
      digest: own.hash,
      modules: new Map([...others, [at, own]]),
      redirects: moved,
      plugins: new Map(plugins),
      grants,
      ...signer,
    }];
  }))
);

Deno.test("parseLockfile() inverts printLockfile(), which is canonical", () => {
  fc.assert(
    fc.property(entries, (entries) => {
      const text = printLockfile({ entries, indexes }, LOCKFILE);
      const parsed = parseLockfile(text, LOCKFILE);
      assertEquals(parsed.issues, []);
      assertEquals(parsed.entries, entries);
      assertEquals(printLockfile(parsed, LOCKFILE), text);
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("parseLockfile() takes the lines of two branches in any order, some twice", () => {
  fc.assert(
    fc.property(entries, entries, fc.nat(), (left, right, turn) => {
      // A plugin that both branches have is the same in both.
      const merged = new Map([...right, ...left]);
      const both = new Map([...right].map(([url]) => [url, merged.get(url)!]));
      const [header, ...a] = printLockfile({ entries: left, indexes }, LOCKFILE)
        .trim().split("\n");
      const [, ...b] = printLockfile({ entries: both, indexes }, LOCKFILE)
        .trim().split("\n");
      const all = [...a, ...b];
      const at = all.length === 0 ? 0 : turn % all.length;
      const text = [header, ...all.slice(at), ...all.slice(0, at)].join("\n");
      const parsed = parseLockfile(text, LOCKFILE);
      assertEquals(parsed.issues, []);
      assertEquals(
        printLockfile(parsed, LOCKFILE),
        printLockfile({ entries: merged, indexes }, LOCKFILE),
      );
    }),
    { seed: 1, numRuns: 200 },
  );
});

const GOOD = [[ENTRY, "digest", HASH], [ENTRY, "module", ENTRY, HASH, "ts"]];

Deno.test.each<{ name: string; text: string; issues: [string, number?][] }>([
  { name: "nothing", text: "", issues: [["HEADER_INVALID", 1]] },
  {
    name: "a newer version",
    text: '["spiral.lock",2]',
    issues: [["HEADER_INVALID", 1]],
  },
  {
    name: "the marks of an unfinished merge",
    text: lines(...GOOD) + "<<<<<<< HEAD\n=======\n",
    issues: [["LINE_INVALID", 4], ["LINE_INVALID", 5]],
  },
  {
    name: "an unknown fact",
    text: lines(...GOOD, [ENTRY, "trust", "all"]),
    issues: [["LINE_INVALID", 4]],
  },
  {
    name: "a fact with more to it",
    text: lines(...GOOD, [ENTRY, "plugin", "a", "1.0.0", "more"]),
    issues: [["LINE_INVALID", 4]],
  },
  {
    name: "a hash of another kind",
    text: lines([ENTRY, "digest", "sha1-AAAA"]),
    issues: [["LINE_INVALID", 2]],
  },
  {
    name: "two hashes of one module",
    text: lines(...GOOD, [ENTRY, "module", ENTRY, OTHER_HASH, "ts"]),
    issues: [["LINE_CONTRADICTS", 4]],
  },
  {
    name: "two digests of one plugin",
    text: lines(...GOOD, [ENTRY, "digest", OTHER_HASH]),
    issues: [["LINE_CONTRADICTS", 4]],
  },
  {
    name: "a name that is none",
    text: lines(...GOOD, ["mod.ts", "digest", HASH]),
    issues: [["LINE_CONTRADICTS", 4]],
  },
  {
    name: "a plugin without its entry module",
    text: lines([ENTRY, "digest", HASH]),
    issues: [["ENTRY_INCOMPLETE"]],
  },
  {
    name: "two ranges of one dependency",
    text: lines(
      ...GOOD,
      [ENTRY, "plugin", "a", "1.0.0"],
      [ENTRY, "needs", "a", "b", "1"],
      [ENTRY, "needs", "a", "b", "2"],
    ),
    issues: [["LINE_CONTRADICTS", 6]],
  },
  {
    name: "what a plugin needs that has no version",
    text: lines(...GOOD, [ENTRY, "needs", "a", "b", "1"]),
    issues: [["ENTRY_INCOMPLETE"]],
  },
  {
    name: "a plugin without a digest",
    text: lines([ENTRY, "module", ENTRY, HASH, "ts"]),
    issues: [["ENTRY_INCOMPLETE"]],
  },
])("parseLockfile() refuses $name", ({ text, issues }) => {
  const found = parseLockfile(text, LOCKFILE).issues;
  const want = issues.map(([code, line]) => ({ code, line }));
  assertEquals(found.map(({ code, line }) => ({ code, line })), want);
});

Deno.test("parseLockfile() keeps the later of two editions of an index", () => {
  const text = lines(
    [INDEX, "index", 7, HASH],
    [INDEX, "index", 9, ""],
    [INDEX, "index", 8, HASH],
  );
  const { indexes, issues } = parseLockfile(text, LOCKFILE);
  assertEquals(issues, []);
  assertEquals(indexes, new Map([[INDEX, { serial: 9, signer: "" }]]));
});

Deno.test("parseLockfile() takes prototype names for plain names", () => {
  const text = lines(...GOOD, [ENTRY, "plugin", "__proto__", "1.0.0"]);
  const { entries, issues } = parseLockfile(text, LOCKFILE);
  assertEquals(issues, []);
  const { version } = entries.get(ENTRY)!.plugins.get("__proto__")!;
  assertEquals(version, "1.0.0");
  assert(!("1.0.0" in {}));
});
