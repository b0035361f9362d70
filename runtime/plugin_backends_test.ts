// Backends of plugins, from their registration to what becomes of tensors when they go.

import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { CodedError, isCoded } from "../core/base/mod.ts";
import type { Plugin } from "./plugin/define_plugin.ts";
import { type Backend, createBackend, defaultBackend } from "../kernels/mod.ts";
import { realizeOn, tensor } from "../ops/mod.ts";
import { backendCases } from "../testing/mod.ts";
import { createEcosystem } from "./create_ecosystem.ts";

/** A plugin that brings the reference under a name of its own. */
function bringing(
  name: string,
  { id = "acme.backend", version = "1.0.0", ...change }:
    & { readonly id?: string; readonly version?: string }
    & Partial<Backend> = {},
): Plugin {
  return {
    metadata: { id, version, capabilities: [`Backend(${name})`] },
    onLoad({ backends }) {
      backends.register({
        name,
        description: "The reference.",
        create: () => Object.assign(createBackend("reference"), change),
      });
    },
  };
}

/** The code of what a piece of work fails with. */
async function codeOf(work: () => unknown): Promise<string> {
  const error = await assertRejects(async () => await work());
  assert(isCoded(error), String(error));
  return error.code;
}

Deno.test("a plugin's backend is owned, found and announced", async () => {
  await using ecosystem = await createEcosystem();
  const { backends, events, plugins } = ecosystem;
  const heard: unknown[] = [];
  for (const type of ["BackendRegistered", "BackendUnregistered"]) {
    events.subscribe(type, (event) => {
      heard.push(event.kind === "Custom" && [event.eventType, event.data]);
    });
  }
  const handle = await plugins.register(bringing("acme:exact"));
  assertEquals(handle.contributions(), ["backend acme:exact"]);
  assertEquals(backends.describe("acme:exact")?.owner, "acme.backend");
  await plugins.unregister("acme.backend");
  assertEquals(backends.describe("acme:exact"), undefined);
  const data = { name: "acme:exact", owner: "acme.backend" };
  assertEquals(heard, [
    ["BackendRegistered", data],
    ["BackendUnregistered", data],
  ]);
});

Deno.test("two plugins cannot bring backends of one name", async () => {
  await using ecosystem = await createEcosystem();
  const { plugins } = ecosystem;
  await plugins.register(bringing("acme:exact"));
  const other = bringing("acme:exact", { id: "acme.other" });
  const error = await assertRejects(() => plugins.register(other), CodedError);
  assertEquals((error.cause as CodedError).code, "BACKEND_EXISTS");
  assertEquals(plugins.listPlugins(), ["acme.backend"]);
});

Deno.test("useBackend() computes on a plugin's backend until the plugin goes", async () => {
  const before = defaultBackend();
  await using ecosystem = await createEcosystem();
  const { events, operators, plugins } = ecosystem;
  const changes: unknown[] = [];
  events.subscribe("BackendChanged", (event) => {
    if (event.kind !== "BackendChanged") return;
    changes.push([event.previous, event.backend]);
  });
  await plugins.register(bringing("acme:exact"));
  const backend = await ecosystem.useBackend("acme:exact");
  assertStrictEquals(ecosystem.backend, backend);
  assertStrictEquals(defaultBackend(), backend);
  const x = tensor([1, 2]);
  assertEquals(
    operators.explainDispatch("exp", [x]).chosen?.backend,
    "acme:exact",
  );
  const there = await x.exp().realize();
  await plugins.unregister("acme.backend");
  assertStrictEquals(ecosystem.backend, before);
  assertStrictEquals(defaultBackend(), before);
  assertEquals(changes, [
    [before.name, "acme:exact"],
    ["acme:exact", before.name],
  ]);
  // What was there only is lost, and says so; everything else is computed on.
  assertEquals(await codeOf(() => there.data()), "BACKEND_REVOKED");
  assertEquals(await tensor([1, 2]).add(1).array(), [2, 3]);
});

Deno.test("useBackend() returns to the choice before, and to the default at the end", async () => {
  const before = defaultBackend();
  {
    await using ecosystem = await createEcosystem({ backend: "reference" });
    const { plugins } = ecosystem;
    const reference = ecosystem.backend;
    await plugins.register(bringing("acme:exact"));
    const [one, same] = await Promise.all([
      ecosystem.useBackend("acme:exact"),
      ecosystem.useBackend("acme:exact"),
    ]);
    assertStrictEquals(one, same);
    assertEquals(ecosystem.backends.inUse("acme:exact").length, 1);
    await plugins.unregister("acme.backend");
    assertStrictEquals(ecosystem.backend, reference);
    await using own = createBackend("reference");
    await ecosystem.useBackend(own);
    assertStrictEquals(defaultBackend(), own);
    assertStrictEquals(await ecosystem.useBackend("auto"), before);
  }
  assertStrictEquals(defaultBackend(), before);
});

Deno.test("useBackend() chooses nothing that goes at that moment", async () => {
  const before = defaultBackend();
  await using ecosystem = await createEcosystem();
  const definition = {
    name: "acme:exact",
    description: "The reference.",
    create: () => createBackend("reference"),
  };
  // At each of the turns that it takes to choose a backend.
  for (let turns = 0; turns < 20; turns++) {
    const registration = ecosystem.backends.register(definition);
    const choice = ecosystem.useBackend("acme:exact").catch(() => undefined);
    for (let i = 0; i < turns; i++) await Promise.resolve();
    await Promise.all([registration[Symbol.asyncDispose](), choice]);
    assertStrictEquals(ecosystem.backend, before);
  }
});

Deno.test("useBackend() changes nothing if the backend cannot be had", async () => {
  const ecosystem = await createEcosystem();
  const before = ecosystem.backend;
  const use = (backend: unknown) => () =>
    ecosystem.useBackend(backend as Backend);
  assertEquals(await codeOf(use("acme:none")), "BACKEND_UNKNOWN");
  assertEquals(await codeOf(use({})), "INVALID_OPTION");
  assertStrictEquals(ecosystem.backend, before);
  await ecosystem[Symbol.asyncDispose]();
  assertEquals(await codeOf(use("reference")), "ECOSYSTEM_CLOSED");
  assertStrictEquals(defaultBackend(), before);
});

Deno.test("what runs on a plugin's backend ends with a code when the plugin goes", async () => {
  await using ecosystem = await createEcosystem();
  const { backends, plugins } = ecosystem;
  const { promise: isRunning, resolve } = Promise.withResolvers<void>();
  const disposed: boolean[] = [];
  await plugins.register(bringing("acme:slow", {
    compile: () => ({
      run() {
        resolve();
        return new Promise(() => {});
      },
      [Symbol.dispose]() {},
    }),
    // The end of the plugin waits for it.
    [Symbol.asyncDispose]: async () => {
      await Promise.resolve();
      disposed.push(true);
    },
  }));
  const backend = await backends.create("acme:slow");
  const running = codeOf(() => realizeOn([tensor([1]).exp()], { backend }));
  await isRunning;
  await plugins.unregister("acme.backend");
  assertEquals(await running, "BACKEND_REVOKED");
  assertEquals(disposed, [true]);
});

Deno.test("what a plugin's backend refuses is computed by the next one, and told", async () => {
  await using ecosystem = await createEcosystem();
  const { backends, events, operators, plugins } = ecosystem;
  const fallbacks: unknown[] = [];
  events.subscribe("BackendFallback", (event) => {
    if (event.kind === "Custom") fallbacks.push(event.data);
  });
  const refuses = () => "it has no room";
  await plugins.register(bringing("acme:small", {
    refuses,
    compile() {
      throw new class extends CodedError {}("KERNEL_REFUSED", refuses(), {});
    },
  }));
  const x = tensor([1, 2]);
  const explain = () =>
    operators.explainDispatch("exp", [x], "acme:small").rejected[0];
  assertEquals(explain(), {
    backend: "acme:small",
    reason: "BACKEND_UNAVAILABLE",
    detail: 'backend "acme:small" is not among those in use here',
  });
  await using backend = await backends.create("acme:small");
  assertEquals(explain(), {
    backend: "acme:small",
    reason: "FEATURE_MISSING",
    detail: "it has no room",
  });
  const [y] = await realizeOn([x.mul(2)], { backend });
  assertEquals(await y!.array(), [2, 4]);
  assertEquals(fallbacks.length, 1);
  const { backend: refused, chosen } = Object(fallbacks[0]);
  assertEquals([refused, chosen], ["acme:small", "wasm"]);
});

Deno.test("a new version of a plugin brings its backend anew", async () => {
  await using ecosystem = await createEcosystem();
  const { backends, plugins } = ecosystem;
  await plugins.register(bringing("acme:exact"));
  const old = await backends.create("acme:exact");
  const next = bringing("acme:exact", { version: "1.1.0" });
  await plugins.reload("acme.backend", next);
  const spec = { dtype: "float32", size: 1 } as const;
  assertEquals(await codeOf(() => old.allocate(spec)), "BACKEND_REVOKED");
  await using backend = await backends.create("acme:exact");
  assert(backend.allocate(spec).size === 1);
});

Deno.test("a plugin's backend keeps what a backend promises", async (t) => {
  await using ecosystem = await createEcosystem();
  await ecosystem.plugins.register(bringing("acme:exact"));
  const create = () => ecosystem.backends.create("acme:exact");
  for (const { name, run } of backendCases(create, { graphs: 3 })) {
    await t.step(name, run);
  }
});
