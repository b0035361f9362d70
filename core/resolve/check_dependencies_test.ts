import { assertEquals } from "@std/assert";
import { checkDependencies } from "./check_dependencies.ts";
import { dependenciesFailed } from "./errors.ts";

const CANDIDATES = new Map([
  ["acme.activations", { version: "1.0.0", state: "active" }],
  ["acme.loading", { version: "1.1.0", state: "loading" }],
]);

function check(dependencies: Record<string, string>) {
  return checkDependencies({ id: "acme.net", dependencies }, CANDIDATES);
}

function failed(dependencies: Record<string, string>) {
  const [first, ...rest] = check(dependencies);
  return dependenciesFailed([first!, ...rest]);
}

Deno.test("checkDependencies() finds nothing where all holds", () => {
  assertEquals(check({ "acme.activations": "^1.0.0" }), []);
  assertEquals(checkDependencies({ id: "x" }, CANDIDATES), []);
});

Deno.test.each([
  {
    name: "another version",
    dependencies: { "acme.activations": "^2.0.0" },
    code: "DEPENDENCY_VERSION",
    message:
      'Cannot load plugin "acme.net": it depends on "acme.activations" ^2.0.0, found 1.0.0',
  },
  {
    name: "a prerelease only",
    dependencies: { "acme.activations": "^1.0.0-beta.1 <1.0.0" },
    code: "DEPENDENCY_VERSION",
    message:
      'Cannot load plugin "acme.net": it depends on "acme.activations" ^1.0.0-beta.1 <1.0.0, found 1.0.0',
  },
  {
    name: "no such plugin",
    dependencies: { "acme.activation": "^1.0.0" },
    code: "DEPENDENCY_MISSING",
    message:
      'Cannot load plugin "acme.net": it depends on "acme.activation" ^1.0.0, found no such plugin, did you mean "acme.activations"?',
  },
  {
    name: "nothing like it",
    dependencies: { zzz: "*" },
    code: "DEPENDENCY_MISSING",
    message:
      'Cannot load plugin "acme.net": it depends on "zzz" *, found no such plugin',
  },
  {
    name: "a plugin that is not there yet",
    dependencies: { "acme.loading": "^1.0.0" },
    code: "DEPENDENCY_NOT_READY",
    message:
      'Cannot load plugin "acme.net": it depends on "acme.loading" ^1.0.0, found 1.1.0, which is loading',
  },
])("dependenciesFailed() says it: $name", ({ dependencies, code, message }) => {
  const error = failed(dependencies);
  assertEquals(error.code, code);
  assertEquals(error.message, message);
});

Deno.test("dependenciesFailed() names all that fails, with the code of the first", () => {
  const error = failed({ zzz: "*", "acme.activations": "^2.0.0" });
  assertEquals(error.code, "DEPENDENCY_VERSION");
  assertEquals(
    error.message,
    'Cannot load plugin "acme.net": it depends on "acme.activations" ^2.0.0, found 1.0.0; ' +
      'it depends on "zzz" *, found no such plugin',
  );
  assertEquals(error.details.wanted, "^2.0.0");
  assertEquals(error.details.failures, [
    {
      id: "acme.net",
      code: "DEPENDENCY_VERSION",
      dependency: "acme.activations",
      wanted: "^2.0.0",
      found: "1.0.0",
      suggestions: [],
    },
    {
      id: "acme.net",
      code: "DEPENDENCY_MISSING",
      dependency: "zzz",
      wanted: "*",
      suggestions: [],
    },
  ]);
});

Deno.test("dependenciesFailed() names the other plugins of a set", () => {
  const [failure] = check({ zzz: "*" });
  const error = dependenciesFailed([failure!, { ...failure!, id: "acme.b" }]);
  assertEquals(
    error.message,
    'Cannot load plugin "acme.net": it depends on "zzz" *, found no such plugin; ' +
      'plugin "acme.b" depends on "zzz" *, found no such plugin',
  );
});

Deno.test("checkDependencies() does not suggest the plugin to itself", () => {
  const candidates = new Map([["acme.a", {
    version: "1.0.0",
    state: "active",
  }]]);
  const plugin = { id: "acme.a", dependencies: { "acme.b": "*" } };
  const [failure] = checkDependencies(plugin, candidates);
  assertEquals(failure?.suggestions, []);
});
