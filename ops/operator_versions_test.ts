// Several versions of one operator in a registry. The oracle of ranges is npm's own semver.

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import semver from "semver";
import { isCoded } from "../core/base/mod.ts";
import { computeElements } from "../testing/mod.ts";
import { BUILTIN_OPERATORS } from "./builtin/all.ts";
import { tensor } from "./create.ts";
import type { CallableOperator } from "./define/definition.ts";
import { defineOperator } from "./define_operator.ts";
import { TensorError } from "./errors.ts";
import { gradients } from "./gradients.ts";
import type { Operator } from "./graph/node.ts";
import { OperatorRegistry } from "./registry.ts";
import type {
  OperatorChange,
  OperatorRegistryOptions,
} from "./registry_types.ts";

/** x times the major version. */
function scale(
  version: string,
  fields: { name?: string; aliases?: string[]; backends?: string[] } = {},
): CallableOperator {
  return defineOperator({
    name: "acme:scale",
    version,
    inputs: ["x"],
    forward: ([x]) => x!.mul(Number(version.split(".")[0])),
    ...fields,
  });
}

function registryOf(
  versions: readonly string[],
  options?: OperatorRegistryOptions,
): OperatorRegistry {
  const registry = new OperatorRegistry(options);
  for (const version of versions) registry.register(scale(version));
  return registry;
}

/** The code of what a call throws. */
function codeOf(call: () => unknown): string {
  const error = assertThrows(call);
  assert(isCoded(error), String(error));
  return error.code;
}

Deno.test("OperatorRegistry.get() gives the newest version that is no prerelease", () => {
  const registry = registryOf(["1.0.0", "2.0.0-rc.1", "1.10.0", "1.9.0"]);
  assertEquals(registry.get("acme:scale")?.version, "1.10.0");
  const early = registryOf(["2.0.0-rc.1", "2.0.0-rc.2"]);
  assertEquals(early.get("acme:scale")?.version, "2.0.0-rc.2");
});

Deno.test.each([
  { range: "1", want: "1.10.0" },
  { range: "^1.0.0", want: "1.10.0" },
  { range: "~1.9", want: "1.9.1" },
  { range: "1.0.0", want: "1.0.0" },
  { range: "<1.9 || >=3", want: "1.0.0" },
  { range: "2.0.0-rc.1", want: "2.0.0-rc.1" },
  { range: "^2.0.0-rc.1", want: "2.0.0-rc.1" },
  { range: "2", want: undefined },
  { range: "*", want: "1.10.0" },
  { range: " ^1.0.0 ", want: "1.10.0" },
  { range: "", want: undefined },
  { range: "newest", want: undefined },
])("OperatorRegistry.get() of acme:scale@$range gives $want", (row) => {
  const versions = ["1.0.0", "2.0.0-rc.1", "1.9.1", "1.10.0", "1.9.0"];
  const registry = registryOf(versions);
  const reference = `acme:scale@${row.range}`;
  assertEquals(registry.get(reference)?.version, row.want);
  assertEquals(registry.has(reference), row.want !== undefined);
});

Deno.test("OperatorRegistry.get() picks what npm's semver picks, whatever the order of registration", () => {
  const number = fc.constantFrom(0, 1, 2, 10);
  const version = fc.tuple(
    ...[number, number, number],
    fc.constantFrom("", "", "", "-rc.1", "-rc.2"),
  ).map(([major, minor, patch, rest]) => `${major}.${minor}.${patch}${rest}`);
  const range = fc.tuple(
    fc.constantFrom("^", "~", ">=", "<", "", "<="),
    version,
  )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(
      fc.uniqueArray(version, { minLength: 1, maxLength: 8 }),
      range,
      (versions, range) => {
        const registry = registryOf(versions);
        const found = registry.get(`acme:scale@${range}`)?.version;
        const inside = versions.filter((one) => semver.satisfies(one, range));
        const stable = inside.filter((one) => !semver.prerelease(one));
        const [want] = semver.rsort(stable.length > 0 ? stable : inside);
        assertEquals(found, want);
        assertEquals(
          registry.listVersions("acme:scale"),
          registryOf(versions.toReversed()).listVersions("acme:scale"),
        );
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("OperatorRegistry lists an operator once, and its versions newest first", () => {
  const registry = registryOf(["1.0.0", "2.0.0-rc.1", "0.3.0", "1.2.0"]);
  const versions = ["1.2.0", "1.0.0", "0.3.0", "2.0.0-rc.1"];
  assertEquals(
    registry.listOperators().filter((name) => name.startsWith("acme")),
    ["acme:scale"],
  );
  assertEquals(registry.listVersions("acme:scale"), versions);
  assertEquals(registry.listVersions("acme:scale@1"), ["1.2.0", "1.0.0"]);
  assertEquals(registry.listVersions("acme:other"), []);
  const { version, versions: all } = registry.describe("acme:scale@0");
  assertEquals([version, all], ["0.3.0", versions]);
});

Deno.test("OperatorRegistry.execute() calls the version that is asked for; one graph may hold several", async () => {
  const registry = registryOf(["2.0.0", "3.0.0"]);
  const x = tensor([1, 5]);
  const [three] = registry.execute("acme:scale", [x]);
  const [two] = registry.execute("acme:scale@2", [x]);
  const product = three!.mul(two!);
  assertEquals([...await computeElements(product)], [6, 150]);
  const [slope] = gradients(product.sum(), [x]);
  assertEquals([...await computeElements(slope!)], [12, 60]);
});

Deno.test("OperatorRegistry names the versions there are where none is in the range", () => {
  const registry = registryOf(["1.0.0", "2.0.0"]);
  const error = assertThrows(
    () => registry.execute("acme:scale@^3", [tensor([1])]),
    TensorError,
    'Cannot find operator "acme:scale@^3": found versions 2.0.0, 1.0.0',
  );
  assertEquals(error.code, "OPERATOR_NOT_FOUND");
  assertEquals(error.details.versions, ["2.0.0", "1.0.0"]);
  assertEquals(codeOf(() => registry.describe("add@2")), "OPERATOR_NOT_FOUND");
  assertEquals(registry.get("add@^1"), BUILTIN_OPERATORS.get("add"));
});

Deno.test("OperatorRegistry.register() refuses a version that is there, whatever its build", () => {
  const registry = registryOf(["1.0.0"]);
  for (const version of ["1.0.0", "1.0.0+linux"]) {
    const code = codeOf(() => registry.register(scale(version)));
    assertEquals(code, "OPERATOR_EXISTS");
  }
  const odd: Operator = { ...BUILTIN_OPERATORS.get("relu")!, name: "odd" };
  const error = assertThrows(
    () => registry.register({ ...odd, version: "1.0" }),
    TensorError,
    'Found 1.0, wanted a semantic version, "1.0.0"',
  );
  assertEquals(error.code, "OPERATOR_INVALID");
  assertEquals(codeOf(() => scale("1.0.0-01")), "OPERATOR_INVALID");
});

Deno.test("OperatorRegistry takes out one version, and leaves the others", () => {
  const changes: OperatorChange[] = [];
  const registry = new OperatorRegistry({
    onChange: (change) => changes.push(change),
  });
  const first = registry.register(scale("1.0.0"));
  const second = registry.register(scale("2.0.0"));
  second[Symbol.dispose]();
  second[Symbol.dispose]();
  assertEquals(registry.listVersions("acme:scale"), ["1.0.0"]);
  registry.register(scale("3.0.0"));
  assertEquals(registry.unregister("acme:scale@2"), false);
  assertEquals(registry.unregister("acme:scale@^1"), true);
  first[Symbol.dispose]();
  assertEquals(registry.listVersions("acme:scale"), ["3.0.0"]);
  registry.register(scale("4.0.0-rc.1"));
  assertEquals(registry.unregister("acme:scale"), true);
  assertEquals(registry.has("acme:scale"), false);
  assertEquals(
    changes.map(({ kind, version }) => `${kind} ${version}`),
    [
      "registered 1.0.0",
      "registered 2.0.0",
      "unregistered 2.0.0",
      "registered 3.0.0",
      "unregistered 1.0.0",
      "registered 4.0.0-rc.1",
      "unregistered 3.0.0",
      "unregistered 4.0.0-rc.1",
    ],
  );
  assertEquals(
    codeOf(() => registry.unregister("add@1")),
    "OPERATOR_PROTECTED",
  );
  assertEquals(registry.unregister("add@2"), false);
});

Deno.test("OperatorRegistry keeps other owners from a name, in any version, where no policy allows them", () => {
  const registry = new OperatorRegistry({
    canOverride: (_name, owner) => owner === "friend",
  });
  registry.register(scale("1.0.0"), { owner: "acme" });
  for (const options of [{ owner: "rival" }, {}]) {
    const code = codeOf(() => registry.register(scale("2.0.0"), options));
    assertEquals(code, "OPERATOR_EXISTS");
  }
  registry.register(scale("1.5.0"), { owner: "acme" });
  const friend = registry.register(scale("2.0.0"), { owner: "friend" });
  const code = codeOf(() =>
    registry.register(scale("1.5.0"), { owner: "friend" })
  );
  assertEquals(code, "OPERATOR_EXISTS");
  assertEquals(
    ["acme:scale", "acme:scale@1"].map((name) => registry.describe(name).owner),
    ["friend", "acme"],
  );
  assertEquals(
    codeOf(() => registry.unregister("acme:scale@2")),
    "OPERATOR_OWNED",
  );
  friend[Symbol.dispose]();
  assertEquals(registry.describe("acme:scale").version, "1.5.0");
});

Deno.test("OperatorRegistry.unregister() takes nothing out where one of the versions is a plugin's", () => {
  const registry = new OperatorRegistry({ canOverride: () => true });
  registry.register(scale("1.0.0"));
  registry.register(scale("2.0.0"), { owner: "acme" });
  assertEquals(
    codeOf(() => registry.unregister("acme:scale")),
    "OPERATOR_OWNED",
  );
  assertEquals(registry.listVersions("acme:scale"), ["2.0.0", "1.0.0"]);
  assertEquals(registry.unregister("acme:scale@1"), true);
});

Deno.test("OperatorRegistry finds versions by alias and by output too", () => {
  const registry = new OperatorRegistry();
  const [one, two] = ["1.0.0", "2.0.0"].map((version) =>
    defineOperator({
      name: "acme:spread",
      version,
      aliases: ["acme:range"],
      inputs: ["x"],
      outputs: ["low", "high"],
      forward: ([x]) => [x!.sub(1), x!.add(1)],
    })
  );
  const older = registry.register(one!);
  registry.register(two!);
  assertEquals(registry.get("acme:range"), two);
  assertEquals(registry.get("acme:range@1"), one);
  assertEquals(registry.get("acme:spread#1@^1"), one!.parts![1]);
  assertEquals(registry.listVersions("acme:range"), ["2.0.0", "1.0.0"]);
  // An alias is one operator's only.
  const other = scale("3.0.0", { name: "acme:other", aliases: ["acme:range"] });
  assertEquals(codeOf(() => registry.register(other)), "OPERATOR_EXISTS");
  older[Symbol.dispose]();
  assertEquals(registry.get("acme:range@1"), undefined);
  assertEquals(registry.get("acme:range"), two);
});

Deno.test("OperatorRegistry hides all that an older generation added behind a newer one, until that goes", () => {
  const registry = new OperatorRegistry();
  const old = registry.register(scale("2.0.0"), { owner: "acme" });
  const newer = { owner: "acme", generation: 2 };
  const next = registry.register(scale("1.0.0"), newer);
  assertEquals(registry.get("acme:scale")?.version, "1.0.0");
  next[Symbol.dispose]();
  assertEquals(registry.get("acme:scale")?.version, "2.0.0");
  registry.register(scale("1.0.0"), newer);
  old[Symbol.dispose]();
  assertEquals(registry.listVersions("acme:scale"), ["1.0.0"]);
});

Deno.test("OperatorRegistry.register() covers a built-in operator; its version can still be asked for", () => {
  const registry = new OperatorRegistry({ canOverride: () => true });
  const own = scale("0.5.0", { name: "relu" });
  registry.register(own);
  assertEquals(registry.get("relu"), own);
  assertEquals(registry.get("relu@1"), BUILTIN_OPERATORS.get("relu"));
  assertEquals(registry.listVersions("relu"), ["0.5.0", "1.0.0"]);
  assertEquals(registry.describe("relu@1").owner, "library");
});

Deno.test("OperatorRegistry.findByBackend() lists versions, and explainDispatch() names the one it is about", () => {
  const registry = new OperatorRegistry();
  registry.register(scale("1.0.0", { backends: ["CUDA"] }));
  registry.register(scale("2.0.0"));
  const versionsOn = (backend: string) =>
    registry.findByBackend(backend).filter(({ name }) => name === "acme:scale")
      .map(({ version }) => version);
  assertEquals(versionsOn("cuda"), ["1.0.0"]);
  assertEquals(versionsOn("wasm"), ["2.0.0"]);
  const x = tensor([1]);
  const dispatch = registry.explainDispatch("acme:scale@^1", [x], "CUDA");
  assertEquals([dispatch.operator, dispatch.version], ["acme:scale", "1.0.0"]);
  assertEquals(dispatch.rejected[0]?.reason, "BACKEND_UNAVAILABLE");
  assertEquals(registry.explainDispatch("acme:scale", [x]).version, "2.0.0");
});
