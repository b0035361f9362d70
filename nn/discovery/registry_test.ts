import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { z } from "zod";
import { tensor } from "../../ops/mod.ts";
import { NnError } from "../errors.ts";
import { createModuleRegistry } from "./create_module_registry.ts";
import type { ModuleDefinition } from "./definition.ts";
import { SCALE, Scale } from "./scale_test.ts";
import { ModuleDiscoveryRegistry } from "./registry.ts";
import type { RegistryChange } from "./registry_options.ts";

Deno.test("module discovery: two owners: register() keeps names apart", () => {
  const registry = createModuleRegistry();
  registry.register(SCALE, { owner: "acme" });
  const twice = assertThrows(() => registry.register(SCALE), NnError);
  assertEquals(twice.code, "MODULE_EXISTS");
  assertEquals(twice.details, { type: "acme:scale", owner: "acme" });
  const builtin = assertThrows(
    () => registry.register({ ...SCALE, type: "linear" }),
    NnError,
    'Cannot register module type "linear": the name belongs to "core"',
  );
  assertEquals(builtin.code, "MODULE_EXISTS");
});

Deno.test("ModuleDiscoveryRegistry.register() reports every issue of a definition", () => {
  const registry = new ModuleDiscoveryRegistry();
  const broken: ModuleDefinition = Object.assign({}, SCALE, {
    type: "a b",
    displayName: "\u001b[2K",
    description: " ",
    category: "Layers",
    version: 0,
    create: undefined,
    inferShape: 1,
    config: { type: "number" },
  });
  const error = assertThrows(() => registry.register(broken), NnError);
  assertEquals(error.code, "MODULE_INVALID");
  const { issues } = error.details;
  assert(Array.isArray(issues));
  assertEquals(issues.map(({ path }) => path), [
    "type",
    "displayName",
    "description",
    "category",
    "version",
    "create",
    "inferShape",
    "config.type",
  ]);
});

Deno.test.each([
  { type: "" },
  { type: "__proto__" },
  { type: "constructor" },
  { type: "type" },
  { type: "a".repeat(129) },
  { type: "swish\n" },
  { type: undefined },
])("ModuleDiscoveryRegistry.register() refuses the type %j", ({ type }) => {
  const definition: ModuleDefinition = Object.assign({}, SCALE, { type });
  const error = assertThrows(
    () => new ModuleDiscoveryRegistry().register(definition),
    NnError,
  );
  assertEquals(error.code, "MODULE_INVALID");
});

Deno.test("ModuleDiscoveryRegistry.register() bounds a description", () => {
  const registry = new ModuleDiscoveryRegistry();
  const description = "x".repeat(4097);
  const error = assertThrows(
    () => registry.register({ ...SCALE, description }),
    NnError,
    "description: Found",
  );
  assertEquals(error.code, "MODULE_INVALID");
  registry.register({ ...SCALE, description: description.slice(1) });
});

Deno.test("ModuleDiscoveryRegistry.register() refuses what is no definition", () => {
  const error = assertThrows(
    () => new ModuleDiscoveryRegistry().register(JSON.parse("null")),
    NnError,
    "Found null, wanted a definition",
  );
  assertEquals(error.code, "MODULE_INVALID");
});

Deno.test("ModuleDiscoveryRegistry.register() reads a definition once", async () => {
  const registry = new ModuleDiscoveryRegistry();
  const definition = { ...SCALE };
  registry.register(definition);
  definition.create = () => new Scale(99);
  const scale = await registry.create("acme:scale");
  assert(scale instanceof Scale && scale.by === 2);
});

Deno.test("ModuleDiscoveryRegistry.register() is undone by its registration only", () => {
  const registry = new ModuleDiscoveryRegistry();
  const first = registry.register(SCALE);
  first[Symbol.dispose]();
  assertEquals(registry.listModules(), []);
  registry.register(SCALE, { owner: "other" });
  first[Symbol.dispose]();
  assertEquals(registry.listModules(), ["acme:scale"]);
});

Deno.test("ModuleDiscoveryRegistry.unregister() takes away what the host added", () => {
  const registry = createModuleRegistry();
  registry.register(SCALE);
  assertEquals(registry.unregister("acme:scale"), true);
  assertEquals(registry.unregister("acme:scale"), false);
  const builtin = assertThrows(() => registry.unregister("relu"), NnError);
  assertEquals(builtin.code, "MODULE_PROTECTED");
  registry.register(SCALE, { owner: "acme" });
  const owned = assertThrows(() => registry.unregister("acme:scale"), NnError);
  assertEquals(owned.code, "MODULE_OWNED");
  assertEquals(owned.details, { type: "acme:scale", owner: "acme" });
  assert(registry.getMetadata("acme:scale"));
});

Deno.test("module discovery: unload mid-life: modules stay alive when their type goes", async () => {
  const registry = new ModuleDiscoveryRegistry();
  const registration = registry.register(SCALE, { owner: "acme" });
  const scale = await registry.create("acme:scale");
  registration[Symbol.dispose]();
  assert(scale instanceof Scale);
  assertEquals(await scale.forward(tensor([1])).array(), [2]);
  const error = await assertRejects(
    () => registry.create("acme:scale"),
    NnError,
  );
  assertEquals(error.code, "MODULE_UNKNOWN");
});

Deno.test("ModuleDiscoveryRegistry tells of changes that can be seen", () => {
  const seen: unknown[] = [];
  const registry: ModuleDiscoveryRegistry = createModuleRegistry({
    onChange(
      { kind, metadata: { moduleType, category, owner } }: RegistryChange,
    ) {
      const isThere = registry.listModules().includes(moduleType);
      seen.push({ kind, moduleType, category, owner, isThere });
    },
  });
  const module = {
    moduleType: "acme:scale",
    category: "Custom(Scaling)",
    owner: "acme",
  };
  const registration = registry.register(SCALE, { owner: "acme" });
  assertEquals(seen, [{ kind: "registered", ...module, isThere: true }]);
  registration[Symbol.dispose]();
  registration[Symbol.dispose]();
  assertEquals(seen.slice(1), [
    { kind: "unregistered", ...module, isThere: false },
  ]);
});

Deno.test("ModuleDiscoveryRegistry.getMetadata() tells all but the code", () => {
  const registry = new ModuleDiscoveryRegistry();
  const { displayName: _, ...unnamed } = SCALE;
  registry.register(unnamed, { owner: "acme" });
  const metadata = registry.getMetadata("acme:scale")!;
  const { parameters, ...rest } = metadata;
  assertEquals(rest, {
    moduleType: "acme:scale",
    displayName: "acme:scale",
    description: "Multiplies by a number.",
    category: "Custom(Scaling)",
    version: 1,
    owner: "acme",
  });
  assertEquals(parameters, registry.jsonSchema("acme:scale"));
  assert(Object.isFrozen(metadata) && Object.isFrozen(parameters));
  const error = assertThrows(() => registry.jsonSchema("scale"), NnError);
  assertEquals(error.code, "MODULE_UNKNOWN");
});

Deno.test("module discovery: category listing sorted", () => {
  const registry = new ModuleDiscoveryRegistry();
  for (const type of ["scale", "Zebra", "adam"]) {
    registry.register({ ...SCALE, type, category: "Activation" });
  }
  registry.register({ ...SCALE, type: "mse", category: "Loss" });
  assertEquals(registry.listModules(), ["Zebra", "adam", "mse", "scale"]);
  assertEquals(registry.findByCategory("Activation"), [
    "Zebra",
    "adam",
    "scale",
  ]);
  assertEquals(registry.findByCategory("Loss"), ["mse"]);
  assertEquals(registry.findByCategory("Attention"), []);
});

Deno.test("ModuleDiscoveryRegistry is shared by nobody", () => {
  const [one, other] = [createModuleRegistry(), createModuleRegistry()];
  one.register(SCALE);
  assertEquals(other.getMetadata("acme:scale"), undefined);
});

Deno.test("ModuleDiscoveryRegistry takes a zod schema as well", async () => {
  const registry = new ModuleDiscoveryRegistry();
  const config = z.object({ by: z.number().default(5) });
  registry.register({ ...SCALE, config });
  const scale = await registry.create("acme:scale");
  assert(scale instanceof Scale && scale.by === 5);
});
