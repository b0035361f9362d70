import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Issue } from "../base/mod.ts";
import { PluginError } from "../errors.ts";
import { parseMetadata } from "./metadata.ts";

const LEAST = { id: "acme.swish", version: "1.0.0" };

/** The error that reading `value` throws. */
function refused(value: unknown): PluginError {
  const error = assertThrows(() => parseMetadata(value), PluginError);
  assertEquals(error.code, "PLUGIN_METADATA_INVALID");
  return error;
}

function issuesOf(value: unknown): Issue[] {
  const { issues } = refused(value).details;
  return JSON.parse(JSON.stringify(issues));
}

Deno.test("parseMetadata() keeps what is there and adds nothing", () => {
  assertEquals(parseMetadata(LEAST), LEAST);
  const full = {
    ...LEAST,
    name: "Swish",
    description: "A smooth activation",
    author: "Acme",
    dependencies: { "acme.base": "^1.0.0" },
    permissions: { net: ["example.com:443"], gpu: true },
    engines: { spiraltorch: ">=0.1.0" },
    metadata: { homepage: "https://acme.test" },
  };
  const { capabilities, ...rest } = parseMetadata({
    ...full,
    capabilities: ["operators", { kind: "Backend", name: "cpu" }, "operators"],
  });
  assertEquals(rest, full);
  // Order and repeats are kept.
  assertEquals(capabilities, [
    { kind: "Operators" },
    { kind: "Backend", name: "cpu" },
    { kind: "Operators" },
  ]);
});

Deno.test("parseMetadata() gives a copy that nobody can change", () => {
  const dependencies: Record<string, string> = { "acme.base": "^1.0.0" };
  const original = { ...LEAST, dependencies };
  const parsed = parseMetadata(original);
  original.version = "2.0.0";
  dependencies["acme.base"] = "*";
  assertEquals(parsed.version, "1.0.0");
  assertEquals(parsed.dependencies, { "acme.base": "^1.0.0" });
  assert(Object.isFrozen(parsed) && Object.isFrozen(parsed.dependencies));
});

Deno.test("parseMetadata() reads each property once, and those of a class too", () => {
  class Metadata {
    reads = 0;
    version = "1.0.0";
    get id() {
      return `acme.${++this.reads}`;
    }
  }
  assertEquals(parseMetadata(new Metadata()).id, "acme.1");
});

Deno.test("parseMetadata() keeps what a getter throws as the cause", () => {
  const cause = new TypeError("no");
  const error = refused({
    ...LEAST,
    get name() {
      throw cause;
    },
  });
  assertEquals(error.cause, cause);
});

Deno.test.each([
  { name: "no id", patch: { id: undefined }, path: "id" },
  { name: "a blank id", patch: { id: " " }, path: "id" },
  { name: "an id with outer space", patch: { id: " a" }, path: "id" },
  { name: "an id with a bidi mark", patch: { id: "a\u202eb" }, path: "id" },
  { name: "an id with a line break", patch: { id: "a\nb" }, path: "id" },
  { name: "an id too long", patch: { id: "x".repeat(129) }, path: "id" },
  { name: "the id core", patch: { id: "core" }, path: "id" },
  { name: "the id host", patch: { id: "host" }, path: "id" },
  { name: "the id shared", patch: { id: "shared" }, path: "id" },
  { name: "the id *", patch: { id: "*" }, path: "id" },
  { name: "the id __proto__", patch: { id: "__proto__" }, path: "id" },
  { name: "the id constructor", patch: { id: "constructor" }, path: "id" },
  { name: "the id prototype", patch: { id: "prototype" }, path: "id" },
  { name: "an id that is no text", patch: { id: 7 }, path: "id" },
  { name: "no version", patch: { version: undefined }, path: "version" },
  { name: "half a version", patch: { version: "1.0" }, path: "version" },
  {
    name: "a dependency on itself",
    patch: { dependencies: { "acme.swish": "*" } },
    path: "dependencies.acme.swish",
  },
  {
    name: "a range that does not parse",
    patch: { dependencies: { a: "latest" } },
    path: "dependencies.a",
  },
  {
    name: "a dependency with a reserved id",
    patch: { dependencies: { core: "*" } },
    path: "dependencies.core",
  },
  {
    name: "an optional dependency on itself",
    patch: { optionalDependencies: { "acme.swish": "*" } },
    path: "optionalDependencies.acme.swish",
  },
  {
    name: "an optional range that does not parse",
    patch: { optionalDependencies: { a: "latest" } },
    path: "optionalDependencies.a",
  },
  {
    name: "a stand-in for itself",
    patch: { provides: { "acme.swish": "1.0.0" } },
    path: "provides.acme.swish",
  },
  {
    name: "a stand-in with a range",
    patch: { provides: { a: "^1.0.0" } },
    path: "provides.a",
  },
  { name: "yanked as a number", patch: { yanked: 1 }, path: "yanked" },
  {
    name: "dependencies as a list",
    patch: { dependencies: ["a"] },
    path: "dependencies",
  },
  {
    name: "a capability of no kind",
    patch: { capabilities: ["Vision", 7] },
    path: "capabilities[1]",
  },
  {
    name: "capabilities as text",
    patch: { capabilities: "Vision" },
    path: "capabilities",
  },
  {
    name: "an engine range that does not parse",
    patch: { engines: { spiraltorch: "new" } },
    path: "engines.spiraltorch",
  },
  { name: "engines as text", patch: { engines: "0.1" }, path: "engines" },
  { name: "a name that is no text", patch: { name: 7 }, path: "name" },
  {
    name: "a description too long",
    patch: { description: "é".repeat(2049) },
    path: "description",
  },
  {
    name: "free metadata that is no text",
    patch: { metadata: { stars: 5 } },
    path: "metadata.stars",
  },
  {
    name: "a permission that is no list",
    patch: { permissions: { net: "*" } },
    path: "permissions.net",
  },
  {
    name: "a permission that is no truth value",
    patch: { permissions: { gpu: "yes" } },
    path: "permissions.gpu",
  },
  {
    name: "permissions as text",
    patch: { permissions: "all" },
    path: "permissions",
  },
  { name: "a function", patch: { author: () => {} }, path: "author" },
])("parseMetadata() refuses $name", ({ patch, path }) => {
  const issues = issuesOf({ ...LEAST, ...patch });
  assertEquals(issues.map((issue) => issue.path), [path]);
});

Deno.test("parseMetadata() accepts what is just within the rules", () => {
  const id = "x".repeat(128);
  const description = "é".repeat(2048);
  assertEquals(parseMetadata({ ...LEAST, id, description }).id, id);
});

Deno.test("parseMetadata() reports all issues at once", () => {
  const error = refused({
    id: " ",
    version: "one",
    dependencies: { "acme.base": "newest" },
    author: 1n,
  });
  assertEquals(
    error.message,
    "Cannot read plugin metadata: author: found bigint, wanted plain data\n" +
      'id: found " ", wanted an id with text\n' +
      'version: found "one", wanted a semantic version such as "1.2.0"\n' +
      'dependencies.acme.base: found "newest", wanted a range of versions such as "^1.2.0"',
  );
});

Deno.test.each([
  { value: null, found: "null" },
  { value: undefined, found: "undefined" },
  { value: "acme", found: "string" },
  { value: [], found: "a list" },
])("parseMetadata() refuses $found", ({ value, found }) => {
  assertEquals(issuesOf(value), [{
    code: "TYPE_INVALID",
    path: "",
    message: `found ${found}, wanted an object`,
  }]);
});

Deno.test("parseMetadata() warns about likely slips", () => {
  const warnings: string[] = [];
  parseMetadata({
    ...LEAST,
    dependancies: {},
    capabilities: ["Vision", "Telemetri"],
    engines: { node: "22" },
    permissions: { gpus: true },
  }, {
    warn: ({ path, message, hint }) =>
      void warnings.push(`${path}|${message}|${hint}`),
  });
  assertEquals(warnings, [
    '|"dependancies" means nothing here|did you mean "dependencies"?',
    'capabilities[1]|"Telemetri" is taken as a custom capability|did you mean "Telemetry"?',
    'permissions|"gpus" means nothing here|did you mean "gpu"?',
    'engines|"node" means nothing here|undefined',
  ]);
});
