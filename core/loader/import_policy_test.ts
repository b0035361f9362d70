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
  assertEquals(resolveImport({ specifier, isSpecial: false }, scope), want);
});

Deno.test.each([
  { scope: HTTP, specifier: "node:fs", why: "outside https://a.example" },
  { scope: HTTP, specifier: "npm:semver", why: "outside" },
  { scope: HTTP, specifier: "jsr:@std/assert", why: "outside" },
  { scope: HTTP, specifier: "data:text/javascript,1", why: "outside" },
  { scope: HTTP, specifier: "blob:https://a.example/1", why: "outside" },
  { scope: HTTP, specifier: "file:///etc/passwd", why: "outside" },
  { scope: HTTP, specifier: "https://b.example/x.ts", why: "outside" },
  { scope: HTTP, specifier: "http://a.example/x.ts", why: "outside" },
  { scope: HTTP, specifier: "https://a.example:444/x.ts", why: "outside" },
  { scope: HTTP, specifier: "//b.example/x.ts", why: "outside" },
  { scope: HTTP, specifier: "https://u@a.example/x.ts", why: "user name" },
  { scope: HTTP, specifier: "semver", why: "a bare name" },
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
