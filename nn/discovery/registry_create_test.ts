import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tensor } from "../../ops/mod.ts";
import { NnError } from "../errors.ts";
import { Linear } from "../layers/linear.ts";
import { createModuleRegistry } from "./create_module_registry.ts";
import type { ModuleDefinition } from "./definition.ts";
import { SCALE, Scale } from "./scale_test.ts";
import { ModuleDiscoveryRegistry } from "./registry.ts";

Deno.test("ModuleDiscoveryRegistry.create() makes what a plugin registered", async () => {
  const registry = createModuleRegistry();
  using _scale = registry.register(SCALE, { owner: "acme" });
  const scale = await registry.create("acme:scale", { by: 3 });
  assert(scale instanceof Scale);
  assertEquals(await scale.forward(tensor([2])).array(), [6]);
  const usual = await registry.create("acme:scale");
  assert(usual instanceof Scale && usual.by === 2);
});

Deno.test("ModuleDiscoveryRegistry.create() awaits a factory", async () => {
  const registry = new ModuleDiscoveryRegistry();
  const create = () => Promise.resolve(new Scale(7));
  registry.register({ ...SCALE, create });
  assert(await registry.create("acme:scale") instanceof Scale);
});

Deno.test("ModuleDiscoveryRegistry.create() gives the same weights for the same seed", async () => {
  const registry = createModuleRegistry();
  const weights = async (seed: number) => {
    const config = { "in_features": 3, outFeatures: 2 };
    const layer = await registry.create("linear", config, { seed });
    assert(layer instanceof Linear);
    return String(await layer.weight.data());
  };
  assertEquals(await weights(1), await weights(1));
  assert(await weights(1) !== await weights(2));
});

Deno.test("module discovery: unknown type and key with the right suggestion first: type", async () => {
  const registry = createModuleRegistry();
  const error = await assertRejects(
    () => registry.create("linaer"),
    NnError,
    'Cannot find module type "linaer": no module type has that name, did you mean "linear"?',
  );
  assertEquals(error.code, "MODULE_UNKNOWN");
  assertEquals(error.details, { type: "linaer", suggestions: ["linear"] });
});

Deno.test.each([
  { type: "__proto__" },
  { type: "constructor" },
  { type: "toString" },
  { type: "https://example.com/linear.ts" },
  { type: "../layers/linear.ts" },
  { type: "Linear" },
  { type: "" },
])(
  "module discovery: `__proto__`, `constructor`, URL and path as a type are unknown: $type",
  async ({ type }) => {
    const registry = createModuleRegistry();
    const error = await assertRejects(() => registry.create(type), NnError);
    assertEquals(error.code, "MODULE_UNKNOWN");
    assertEquals(registry.getMetadata(type), undefined);
  },
);

Deno.test("module discovery: unknown type and key with the right suggestion first: key, and every other issue", async () => {
  const registry = createModuleRegistry();
  const error = await assertRejects(
    () => registry.create("linear", { inFeatures: "20", outfeatures: 1 }),
    NnError,
    'Cannot configure "linear": outfeatures: Found the unknown key "outfeatures", wanted inFeatures, outFeatures, bias, init (did you mean "outFeatures" or "inFeatures"?)',
  );
  assertEquals(error.code, "CONFIG_INVALID");
  const { issues } = error.details;
  assert(Array.isArray(issues));
  assertEquals(issues.map(({ code, path }) => `${code} ${path}`), [
    "UNKNOWN_KEY outfeatures",
    "CONFIG_INVALID inFeatures",
    "CONFIG_INVALID outFeatures",
  ]);
});

Deno.test("module discovery: failing factory keeps its cause", async () => {
  const registry = new ModuleDiscoveryRegistry();
  const cause = new Error("no luck");
  const create = () => {
    throw cause;
  };
  registry.register({ ...SCALE, create });
  const error = await assertRejects(
    () => registry.create("acme:scale"),
    NnError,
    'Cannot create a module of type "acme:scale": no luck',
  );
  assertEquals(error.code, "MODULE_FACTORY_FAILED");
  assertEquals(error.cause, cause);
});

Deno.test("module discovery: re-entrant factory: one may create what its module is made of", async () => {
  const registry = new ModuleDiscoveryRegistry();
  registry.register(SCALE);
  const twice: ModuleDefinition = {
    ...SCALE,
    type: "acme:twice",
    async create() {
      // Beside each other, and behind an await: neither makes it deeper.
      const parts = Array.from({ length: 40 }, () => createScale(registry));
      const [first] = await Promise.all(parts);
      return new Scale(first!.by * (await createScale(registry)).by);
    },
  };
  registry.register(twice);
  const scale = await registry.create("acme:twice");
  assert(scale instanceof Scale && scale.by === 4);
});

async function createScale(registry: ModuleDiscoveryRegistry): Promise<Scale> {
  const scale = await registry.create("acme:scale");
  assert(scale instanceof Scale);
  return scale;
}

Deno.test.each([{ depth: 32, code: "none" }, {
  depth: 33,
  code: "MODULE_LOOP",
}])(
  "module discovery: re-entrant factory: $depth creations in each other, error $code",
  async ({ depth, code }) => {
    const registry = new ModuleDiscoveryRegistry();
    let calls = 0;
    registry.register({
      ...SCALE,
      async create() {
        if (++calls === depth) return new Scale(1);
        await Promise.resolve();
        return await createScale(registry);
      },
    });
    const ended = registry.create("acme:scale").then(() => "none", codeOf);
    assertEquals(await ended, code);
    assertEquals(calls, 32);
  },
);

function codeOf(error: unknown): string {
  assert(error instanceof NnError);
  return error.code;
}

Deno.test("ModuleDiscoveryRegistry.create() survives a factory that throws no error", async () => {
  const registry = new ModuleDiscoveryRegistry();
  const create = () => Promise.reject("\u001b[2Kno");
  registry.register({ ...SCALE, create });
  const error = await assertRejects(
    () => registry.create("acme:scale"),
    NnError,
  );
  assertEquals(error.details["problem"], "[2Kno");
});

Deno.test.each(
  [
    { category: "Layer", built: {}, wanted: "a Module" },
    { category: "Layer", built: null, wanted: "a Module" },
    { category: "Loss", built: new Scale(1), wanted: "a function" },
    {
      category: "Optimizer",
      built: { learningRate: 1 },
      wanted: "initialState",
    },
    { category: "Optimizer", built: null, wanted: "initialState" },
  ] as const,
)(
  "ModuleDiscoveryRegistry.create() refuses $built as a $category",
  async ({ category, built, wanted }) => {
    const registry = new ModuleDiscoveryRegistry();
    // As a factory in JavaScript could give it.
    const create = () => JSON.parse(JSON.stringify(built));
    registry.register({ ...SCALE, category, create });
    const error = await assertRejects(
      () => registry.create("acme:scale"),
      NnError,
      wanted,
    );
    assertEquals(error.code, "MODULE_FACTORY_FAILED");
  },
);

Deno.test("ModuleDiscoveryRegistry.validate() creates nothing", () => {
  const registry = new ModuleDiscoveryRegistry();
  const create = () => {
    throw new Error("created");
  };
  registry.register({ ...SCALE, create });
  assertEquals(registry.validate("acme:scale"), {
    config: { by: 2 },
    issues: [],
  });
  const { config, issues } = registry.validate("acme:scale", { by: "2" });
  assertEquals(config, undefined);
  assertEquals(issues.map(({ path }) => path), ["by"]);
});

Deno.test("ModuleDiscoveryRegistry.validate() reports an unknown type as an issue", () => {
  const { issues } = createModuleRegistry().validate("sigmid");
  assertEquals(issues.map(({ code }) => code), ["MODULE_UNKNOWN"]);
  assert(issues[0]!.message.includes('did you mean "sigmoid"?'));
});

Deno.test("ModuleDiscoveryRegistry.inferShape() asks the type, if it can tell", () => {
  const registry = new ModuleDiscoveryRegistry();
  const { inferShape: _, ...silent } = SCALE;
  using _silent = registry.register({ ...silent, type: "silent" });
  using _scale = registry.register(SCALE);
  assertEquals(registry.inferShape("silent", {}, [["n"]]), undefined);
  assertEquals(registry.inferShape("acme:scale", {}, [["n"]]), ["n"]);
  const error = assertThrows(
    () => registry.inferShape("none", {}, []),
    NnError,
  );
  assertEquals(error.code, "MODULE_UNKNOWN");
});

Deno.test.each([
  { result: ["batch", 2], isFine: true },
  { result: [], isFine: true },
  { result: { wanted: "[2]" }, isFine: true },
  { result: null, isFine: false },
  { result: 1, isFine: false },
  { result: "x", isFine: false },
  { result: [1.5], isFine: false },
  { result: [null], isFine: false },
  { result: {}, isFine: false },
  { result: { wanted: 1 }, isFine: false },
])("ModuleDiscoveryRegistry.inferShape() with %j", ({ result, isFine }) => {
  const registry = new ModuleDiscoveryRegistry();
  // As a definition in JavaScript could give it.
  const inferShape = () => JSON.parse(JSON.stringify(result));
  registry.register({ ...SCALE, inferShape });
  const infer = () => registry.inferShape("acme:scale", {}, []);
  if (isFine) return assertEquals<unknown>(infer(), result);
  assertEquals(assertThrows(infer, NnError).code, "MODULE_FACTORY_FAILED");
});

Deno.test("ModuleDiscoveryRegistry.inferShape() keeps the cause of a failure", () => {
  const registry = new ModuleDiscoveryRegistry();
  const cause = new Error("no");
  const inferShape = () => {
    throw cause;
  };
  registry.register({ ...SCALE, inferShape });
  const error = assertThrows(
    () => registry.inferShape("acme:scale", {}, []),
    NnError,
  );
  assertEquals(error.code, "MODULE_FACTORY_FAILED");
  assertEquals(error.cause, cause);
});

Deno.test("ModuleDiscoveryRegistry.describe() finds type and settings, if a type knows it", () => {
  const registry = createModuleRegistry();
  registry.register({
    ...SCALE,
    toConfig: (built) => built instanceof Scale ? { by: built.by } : undefined,
  });
  assertEquals(registry.describe(new Scale(7)), {
    type: "acme:scale",
    config: { by: 7 },
  });
  const linear = new Linear({ inFeatures: 3, outFeatures: 2, bias: false });
  assertEquals(registry.describe(linear), {
    type: "linear",
    config: { inFeatures: 3, outFeatures: 2, bias: false },
  });
  const other = createModuleRegistry();
  assertEquals(other.describe(new Scale(7)), undefined);
  other.register({
    ...SCALE,
    toConfig() {
      throw new Error("broken");
    },
  });
  const error = assertThrows(() => other.describe(new Scale(1)), NnError);
  assertEquals(error.code, "MODULE_FACTORY_FAILED");
});

Deno.test("ModuleDiscoveryRegistry.describe() keeps the settings of what it made, as long as the type is there", async () => {
  const registry = createModuleRegistry();
  const registration = registry.register(SCALE);
  const scale = await registry.create("acme:scale", { by: 3 });
  assertEquals(registry.describe(scale), {
    type: "acme:scale",
    config: { by: 3 },
  });
  assertEquals(registry.describe(new Scale(3)), undefined);
  assertEquals(createModuleRegistry().describe(scale), undefined);
  registration[Symbol.dispose]();
  assertEquals(registry.describe(scale), undefined);
});
