import { assertEquals, assertThrows } from "@std/assert";
import { PluginError } from "../errors.ts";
import { resolveImport } from "./import_policy.ts";

const HTTP = {
  entry: "https://a.example/acme/mod.ts",
  importer: "https://a.example/acme/lib/x.ts",
};
const FILE = {
  entry: "file:///srv/acme/mod.ts",
  importer: "file:///srv/acme/lib/x.ts",
};

/** In a package of npm that needs another one. */
const PACKAGE = {
  entry: FILE.entry,
  importer: "https://npm.example/swish.tgz/lib/mod.js",
  ownPackage: {
    root: "https://npm.example/swish.tgz/",
    dependencies: { "@acme/gates": "^1.0.0", odd: "latest" },
  },
};

Deno.test.each([
  { scope: HTTP, specifier: "./y.ts", want: "https://a.example/acme/lib/y.ts" },
  { scope: HTTP, specifier: "../../z.ts", want: "https://a.example/z.ts" },
  { scope: HTTP, specifier: "/z.ts#x", want: "https://a.example/z.ts" },
  {
    scope: HTTP,
    specifier: "https://a.example/y.ts?v=2",
    want: "https://a.example/y.ts?v=2",
  },
  { scope: FILE, specifier: "./y.ts", want: "file:///srv/acme/lib/y.ts" },
  { scope: FILE, specifier: "../mod.ts", want: "file:///srv/acme/mod.ts" },
  { scope: FILE, specifier: "npm:semver@^7.0.0", want: "npm:semver@^7.0.0" },
  { scope: HTTP, specifier: "jsr:@std/assert/x", want: "jsr:@std/assert/x" },
  {
    scope: { ...FILE, sdkUrls: ["file:///srv/library/plugin.ts"] },
    specifier: "../../library/plugin.ts",
    want: undefined,
  },
  {
    scope: PACKAGE,
    specifier: "@acme/gates/soft.js",
    want: "https://npm.example/swish.tgz/node_modules/@acme/gates/soft.js",
  },
  {
    scope: PACKAGE,
    specifier: "./x.js",
    want: "https://npm.example/swish.tgz/lib/x.js",
  },
  {
    scope: FILE,
    specifier: "@spiraltorch/spiraltorch/plugin",
    want: undefined,
  },
  {
    scope: HTTP,
    specifier: "jsr:@spiraltorch/spiraltorch@^0.1.0/plugin",
    want: undefined,
  },
])("resolveImport() resolves $specifier", ({ scope, specifier, want }) => {
  assertEquals(
    resolveImport({ specifier, isSpecial: false }, scope)?.url,
    want,
  );
});

Deno.test.each([
  { scope: HTTP, specifier: "node:fs", why: "outside https://a.example" },
  { scope: HTTP, specifier: "npm:semver@latest", why: "outside" },
  { scope: HTTP, specifier: "jsr:@std/assert@1/../x", why: "outside" },
  { scope: HTTP, specifier: "data:text/javascript,1", why: "outside" },
  { scope: HTTP, specifier: "blob:https://a.example/1", why: "outside" },
  { scope: HTTP, specifier: "file:///etc/passwd", why: "outside" },
  { scope: HTTP, specifier: "https://b.example/x.ts", why: "outside" },
  { scope: HTTP, specifier: "http://a.example/x.ts", why: "outside" },
  { scope: HTTP, specifier: "https://a.example:444/x.ts", why: "outside" },
  { scope: HTTP, specifier: "//b.example/x.ts", why: "outside" },
  { scope: HTTP, specifier: "https://u@a.example/x.ts", why: "user name" },
  { scope: HTTP, specifier: "semver", why: "a bare name" },
  { scope: PACKAGE, specifier: "semver", why: "a bare name" },
  { scope: PACKAGE, specifier: "odd", why: "a bare name" },
  { scope: PACKAGE, specifier: "toString", why: "a bare name" },
  { scope: PACKAGE, specifier: "../../x.js", why: "outside the package" },
  { scope: FILE, specifier: "../../other/x.ts", why: "outside the folder" },
  { scope: FILE, specifier: "/etc/passwd", why: "outside the folder" },
  { scope: FILE, specifier: "../%2e%2e/x.ts", why: "outside the folder" },
  {
    scope: FILE,
    specifier: "file:///srv/acme2/x.ts",
    why: "outside the folder",
  },
  { scope: FILE, specifier: "https://a.example/x.ts", why: "outside" },
])("resolveImport() refuses $specifier", ({ scope, specifier, why }) => {
  const error = assertThrows(
    () => resolveImport({ specifier, isSpecial: false }, scope),
    PluginError,
    why,
  );
  assertEquals(error.code, "IMPORT_REFUSED");
  assertEquals(error.details.url, scope.importer);
  assertEquals(error.details.specifier, specifier);
});

Deno.test.each([
  { found: { specifier: null, isSpecial: false }, why: "computed" },
  { found: { specifier: "./x.json", isSpecial: true }, why: "attributes" },
])("resolveImport() refuses what is $why", ({ found, why }) => {
  assertThrows(() => resolveImport(found, HTTP), PluginError, why);
});
