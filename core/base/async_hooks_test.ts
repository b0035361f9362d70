import { assertEquals } from "@std/assert";
import { asyncHooks } from "./async_hooks.ts";

Deno.test("asyncHooks() keeps apart what two calls carry across an await", async () => {
  const storage = new (asyncHooks().AsyncLocalStorage)<string>();
  const read = async () => {
    await Promise.resolve();
    return storage.getStore();
  };
  const both = ["a", "b"].map((name) => storage.run(name, read));
  assertEquals(await Promise.all(both), ["a", "b"]);
  assertEquals(storage.getStore(), undefined);
});
