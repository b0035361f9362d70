import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { CodedError, OptionError } from "../core/base/mod.ts";
import type { Backend } from "./backend.ts";
import {
  type BackendDefinition,
  BackendRegistry,
  type RegisterBackendOptions,
} from "./backend_registry.ts";
import { createReferenceBackend } from "./reference/mod.ts";

const EXACT: BackendDefinition = {
  name: "acme:exact",
  description: "The reference.",
  create: () => createReferenceBackend(),
};

/** The code of what a piece of work fails with. */
async function codeOf(work: () => unknown): Promise<string> {
  const error = await assertRejects(async () => await work(), CodedError);
  return error.code;
}

Deno.test("BackendRegistry lists the library's backends and those that were added", async () => {
  const registry = new BackendRegistry();
  assertEquals(registry.listBackends(), ["reference", "wasm", "webgpu"]);
  const acme = { owner: "acme.exact" };
  await using _registration = registry.register(EXACT, acme);
  const names = ["acme:exact", "reference", "wasm", "webgpu"];
  assertEquals(registry.listBackends(), names);
  assertEquals(registry.describe("acme:exact"), {
    name: "acme:exact",
    description: "The reference.",
    owner: "acme.exact",
  });
  assertEquals(registry.describe("wasm")?.owner, "library");
  assertEquals(registry.describe("auto"), undefined);
});

Deno.test("BackendRegistry.create() makes backends by name", async () => {
  const registry = new BackendRegistry();
  await using _registration = registry.register(EXACT);
  for (const name of ["acme:exact", "reference", "wasm"]) {
    await using backend = await registry.create(name);
    assertEquals(backend.name, name);
  }
  await using auto = await registry.create("auto");
  assertEquals(auto.name, "wasm");
  const error = await assertRejects(
    () => registry.create("acme:exat"),
    CodedError,
    'known are "auto", "acme:exact", "reference", "wasm", "webgpu"',
  );
  assertEquals(error.code, "BACKEND_UNKNOWN");
});

Deno.test.each(["Acme:exact", "", "2d", "a b", "__proto__", "a".repeat(65), 7])(
  "BackendRegistry.register() refuses the name %s",
  (name) => {
    const registry = new BackendRegistry();
    const definition = { ...EXACT, name } as BackendDefinition;
    assertThrows(() => registry.register(definition), OptionError);
    assertEquals(registry.listBackends().length, 3);
  },
);

Deno.test.each(["wasm", "webgpu", "reference", "auto", "cpu", "wgpu"])(
  "BackendRegistry.register() covers no %s",
  (name) => {
    const error = assertThrows(
      () => new BackendRegistry().register({ ...EXACT, name }),
      CodedError,
    );
    assertEquals([error.code, error.details["owner"]], [
      "BACKEND_EXISTS",
      "library",
    ]);
  },
);

Deno.test("BackendRegistry.register() gives a name to one owner", async () => {
  const registry = new BackendRegistry();
  const add = (options?: RegisterBackendOptions) =>
    registry.register(EXACT, options);
  const first = add({ owner: "acme.one" });
  const error = assertThrows(() => add({ owner: "acme.two" }), CodedError);
  assertEquals([error.code, error.details["owner"]], [
    "BACKEND_EXISTS",
    "acme.one",
  ]);
  assertThrows(() => add(), CodedError, "acme.one");
  await first[Symbol.asyncDispose]();
  await using _second = add({ owner: "acme.two" });
});

Deno.test("BackendRegistry.register() lets a new generation cover an old one", async () => {
  const registry = new BackendRegistry();
  const owner = "acme.exact";
  const older = registry.register(EXACT, { owner });
  const description = "Newer.";
  const newer = registry.register(
    { ...EXACT, description },
    { owner, generation: 2 },
  );
  const described = () => registry.describe("acme:exact")?.description;
  assertEquals(described(), "Newer.");
  await newer[Symbol.asyncDispose]();
  assertEquals(described(), "The reference.");
  await older[Symbol.asyncDispose]();
  assertEquals(described(), undefined);
});

Deno.test("BackendRegistry takes back what it has made when its owner goes", async () => {
  const ends: string[] = [];
  const registry = new BackendRegistry({
    onRevoke: (backend) => void ends.push(`told of ${backend.name}`),
  });
  const registration = registry.register({
    ...EXACT,
    create() {
      const backend = createReferenceBackend();
      const asyncDispose = () => Promise.resolve(void ends.push("disposed"));
      return Object.defineProperty(backend, Symbol.asyncDispose, {
        value: asyncDispose,
      });
    },
  }, { owner: "acme.exact" });
  const [kept, given] = [
    await registry.create("acme:exact"),
    await registry.create("acme:exact"),
  ];
  assertEquals(registry.inUse("acme:exact").length, 2);
  await given[Symbol.asyncDispose]();
  assertStrictEquals(registry.inUse("acme:exact")[0], kept);
  const removal = registration[Symbol.asyncDispose]();
  // At once, and once.
  assertEquals(registry.describe("acme:exact"), undefined);
  await removal;
  await registration[Symbol.asyncDispose]();
  assertEquals(ends, ["disposed", "disposed", "told of acme:exact"]);
  const spec = { dtype: "float32", size: 1 } as const;
  assertEquals(await codeOf(() => kept.allocate(spec)), "BACKEND_REVOKED");
  assertEquals(await codeOf(() => given.allocate(spec)), "BACKEND_DISPOSED");
});

Deno.test("BackendRegistry.create() gives nothing whose owner goes meanwhile", async () => {
  const registry = new BackendRegistry();
  const { promise, resolve } = Promise.withResolvers<Backend>();
  let isDisposed = false;
  const registration = registry.register({ ...EXACT, create: () => promise });
  const creation = codeOf(() => registry.create("acme:exact"));
  await registration[Symbol.asyncDispose]();
  const backend = createReferenceBackend();
  resolve(Object.defineProperty(backend, Symbol.asyncDispose, {
    value: () => Promise.resolve(isDisposed = true),
  }));
  assertEquals(await creation, "BACKEND_REVOKED");
  assert(isDisposed);
});

Deno.test.each([
  {
    what: "throws",
    create: () => {
      throw new TypeError("boom");
    },
    said: "create threw TypeError: boom",
  },
  {
    what: "gives nothing",
    create: () => undefined,
    said: "create gave no refuses",
  },
  {
    what: "gives half a backend",
    create: () => ({ refuses() {}, allocate() {} }),
    said: "create gave no free",
  },
])("BackendRegistry.create() says so if the code $what", async (row) => {
  const registry = new BackendRegistry();
  const definition = { ...EXACT, create: row.create };
  await using _registration = registry.register(
    definition as BackendDefinition,
    { owner: "acme.exact" },
  );
  const error = await assertRejects(
    () => registry.create("acme:exact"),
    CodedError,
    row.said,
  );
  assertEquals(error.code, "BACKEND_FAILED");
});
