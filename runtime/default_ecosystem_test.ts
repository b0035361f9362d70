import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { OptionError } from "../core/base/mod.ts";
import { defineOperator } from "../ops/mod.ts";
import {
  globalOperatorRegistry,
  globalRegistry,
  initPluginSystem,
  resetPluginSystem,
} from "./default_ecosystem.ts";
import { RuntimeError } from "./errors.ts";

/** Runs a test on a default ecosystem of its own. */
function isolated(name: string, run: () => Promise<void>): void {
  Deno.test(name, async () => {
    try {
      await run();
    } finally {
      await resetPluginSystem();
    }
  });
}

const twice = defineOperator({
  name: "acme:twice",
  inputs: ["x"],
  forward: ([x]) => x!.add(x!),
});

isolated(
  "default ecosystem: operator registered before init is there after",
  async () => {
    globalOperatorRegistry().register(twice);
    await globalRegistry().register({
      metadata: { id: "acme.early", version: "1.0.0" },
    });
    const { operators, plugins } = await initPluginSystem();
    assert(operators.has("acme:twice"));
    assertEquals(plugins.listPlugins(), ["acme.early"]);
    assertStrictEquals(operators, globalOperatorRegistry());
  },
);

isolated("default ecosystem: two inits in one tick", async () => {
  const first = initPluginSystem({ backend: "reference" });
  assertStrictEquals(initPluginSystem({ backend: "reference" }), first);
  assertStrictEquals(initPluginSystem(), first);
  const error = await assertRejects(
    () => initPluginSystem({ backend: "wasm" }),
    RuntimeError,
  );
  assertEquals(error.code, "PLUGIN_SYSTEM_ALREADY_INITIALIZED");
  assertEquals(error.details, { options: ["backend"] });
  assertEquals((await first).backend.name, "reference");
});

isolated("default ecosystem: init, shutdown, init", async () => {
  const first = await initPluginSystem();
  await first[Symbol.asyncDispose]();
  const second = await initPluginSystem();
  assertNotStrictEquals(second, first);
  await globalRegistry().shutdown();
  const third = await initPluginSystem();
  assertNotStrictEquals(third, second);
  await third.plugins.register({ metadata: { id: "a", version: "1.0.0" } });
  await second[Symbol.asyncDispose]();
});

isolated("default ecosystem: reset isolates tests", async () => {
  globalOperatorRegistry().register(twice);
  const log: string[] = [];
  await globalRegistry().register({
    metadata: { id: "acme.a", version: "1.0.0" },
    onUnload: () => void log.push("gone"),
  });
  await resetPluginSystem();
  assertEquals(log, ["gone"]);
  assertEquals(globalRegistry().listPlugins(), []);
  assertEquals(globalOperatorRegistry().has("acme:twice"), false);
  await initPluginSystem();
  await resetPluginSystem();
  await resetPluginSystem();
});

isolated("default ecosystem: a failed start can be tried again", async () => {
  globalOperatorRegistry().register(twice);
  const name: string = "abacus";
  // @ts-expect-error the type says the same
  const failing = () => initPluginSystem({ backend: name });
  await assertRejects(failing, Error, "abacus");
  const { operators } = await initPluginSystem();
  assert(operators.has("acme:twice"));
});

isolated(
  "default ecosystem: its options count from init on, but for overrides",
  async () => {
    const log: string[] = [];
    globalRegistry();
    await assertRejects(
      () => initPluginSystem({ overrides: { base: "*" } }),
      OptionError,
      "none once",
    );
    const { plugins } = await initPluginSystem({
      log: ({ message }) => void log.push(message),
    });
    await plugins.register({
      metadata: { id: "a", version: "1.0.0" },
      onLoad: (context) => context.log.info("hello"),
    });
    assertEquals(log, ["hello"]);
    await resetPluginSystem();
    await initPluginSystem({ overrides: { base: "^2.0.0" } });
    await globalRegistry().registerAll([
      { metadata: { id: "base", version: "2.0.0" } },
      {
        metadata: {
          id: "user",
          version: "1.0.0",
          dependencies: { base: "^1.0.0" },
        },
      },
    ]);
  },
);
