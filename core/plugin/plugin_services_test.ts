import { assert, assertEquals } from "@std/assert";
import { PluginError } from "../errors.ts";
import type { PluginContext } from "./context.ts";
import { fixture } from "./registry_fixture_test.ts";

/** A registry with two plugins, and what they were handed. */
async function opened() {
  const { registry } = fixture();
  const contexts: PluginContext[] = [];
  for (const id of ["a", "b"]) {
    await registry.register({
      metadata: { id, version: "1.0.0" },
      onLoad: (context) => void contexts.push(context),
    });
  }
  const [a, b] = contexts;
  return { registry, a: a!.services, b: b!.services };
}

Deno.test("services.watchAll() tells what list() would give, after each change", async () => {
  const { registry, a, b } = await opened();
  const heard: string[][] = [];
  const watch = b.watchAll((names) =>
    void heard.push(names.filter((name) => !name.startsWith("core/")))
  );
  a.provide("clock", {});
  a.provide("clock", {}, { replace: true });
  const own = b.provide("store", {});
  own[Symbol.dispose]();
  await registry.unregister("a");
  watch.dispose();
  b.provide("late", {});
  assertEquals(heard, [
    ["a/clock"],
    ["a/clock"],
    ["a/clock", "b/store"],
    ["a/clock"],
    [],
  ]);
});

Deno.test("services.watchAll() stops watchers that keep changing what they watch", async () => {
  const { a } = await opened();
  const codes: string[] = [];
  let count = 0;
  a.watchAll(() => {
    try {
      a.provide(`service${count++}`, {});
    } catch (error) {
      assert(error instanceof PluginError);
      codes.push(error.code);
    }
  });
  a.provide("first", {});
  assertEquals(codes, ["EVENT_LOOP"]);
  assert(count < 100, `${count} services`);
});
