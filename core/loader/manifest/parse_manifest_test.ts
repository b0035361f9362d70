import { assert, assertEquals } from "@std/assert";
import { parseManifest } from "./parse_manifest.ts";
import { isManifest } from "./plugin_manifest.ts";

const URL_OF_IT = "https://plugins.example/swish/plugin.json";

/** Codes and paths of what is wrong with a manifest. */
function issuesOf(value: unknown): string[] {
  const reading = parseManifest(value, URL_OF_IT);
  assert("issues" in reading);
  return reading.issues.map(({ code, path }) => `${code} ${path}`);
}

Deno.test("parseManifest() gives metadata, and where the module is", () => {
  const written = { id: "acme.swish", version: "1.0.0" };
  assertEquals(
    parseManifest(
      { $schema: "./schema.json", entry: "./src/mod.ts", ...written },
      URL_OF_IT,
    ),
    {
      manifest: {
        ...written,
        metadata: written,
        specifier: URL_OF_IT,
        entry: "https://plugins.example/swish/src/mod.ts",
      },
    },
  );
});

Deno.test("parseManifest() reports all that is wrong", () => {
  assertEquals(issuesOf({ id: " ", version: "one" }), [
    "ID_INVALID id",
    "VERSION_INVALID version",
    "ENTRY_INVALID entry",
  ]);
  assertEquals(issuesOf([]), ["TYPE_INVALID "]);
  assertEquals(issuesOf(null), ["TYPE_INVALID "]);
});

Deno.test.each([
  "mod.ts",
  "../mod.ts",
  "./../mod.ts",
  "./a/../../mod.ts",
  "./.",
  "./..",
  "./%2e%2e/mod.ts",
  "./a\\..\\mod.ts",
  "./mod.ts\0",
  "/etc/mod.ts",
  "//elsewhere.example/mod.ts",
  "file:///mod.ts",
  "https://elsewhere.example/mod.ts",
  "./mod.ts?query",
  "./",
  "./a//mod.ts",
  1,
  null,
])("parseManifest() refuses entry %j", (entry) => {
  const manifest = { id: "acme.a", version: "1.0.0", entry };
  assertEquals(issuesOf(manifest), ["ENTRY_INVALID entry"]);
});

Deno.test("isManifest() tells manifests from modules and packages", () => {
  assert(isManifest("file:///plugins/plugin.json"));
  assert(isManifest("https://plugins.example/plugin.json?v=1"));
  assert(!isManifest("https://plugins.example/mod.ts?plugin.json"));
  assert(!isManifest("jsr:@acme/swish@^1.0.0/plugin.json"));
});
