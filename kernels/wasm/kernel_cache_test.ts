import { assertEquals, assertStrictEquals } from "@std/assert";
import type { CompiledKernel } from "./compiled_kernel.ts";
import { KernelCache } from "./kernel_cache.ts";

/** A cache, and what it had to compile, in order. */
function watchedCache(countMax: number) {
  const cache = new KernelCache(countMax);
  const compiled: string[] = [];
  const find = (key: string): CompiledKernel | Promise<CompiledKernel> =>
    cache.find(key, () => {
      compiled.push(key);
      return Promise.resolve({ scratchBytes: 0, launch: () => {} });
    });
  return { cache, compiled, find };
}

Deno.test("KernelCache compiles a kernel once", async () => {
  const { compiled, find } = watchedCache(2);
  const first = find("a");
  assertStrictEquals(find("a"), first);
  const kernel = await first;
  assertStrictEquals(find("a"), kernel);
  assertEquals(compiled, ["a"]);
});

Deno.test("KernelCache gives up what was not asked for the longest", () => {
  const { compiled, find } = watchedCache(2);
  for (const key of ["a", "b", "a", "c", "a", "c", "b", "a"]) find(key);
  // "b" made room for "c", and came back in the place of "a".
  assertEquals(compiled, ["a", "b", "c", "b", "a"]);
});

Deno.test("KernelCache.clear() forgets all", () => {
  const { cache, compiled, find } = watchedCache(2);
  find("a");
  cache.clear();
  find("a");
  assertEquals(compiled, ["a", "a"]);
});

Deno.test("KernelCache.clear() also forgets what is being compiled", async () => {
  const { cache, compiled, find } = watchedCache(2);
  const first = find("a");
  cache.clear();
  await first;
  find("a");
  assertEquals(compiled, ["a", "a"]);
});
