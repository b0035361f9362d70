import { assertEquals, assertRejects } from "@std/assert";
import { backendUnavailable } from "./ir/mod.ts";
import { rememberingWhy, whyUnavailable } from "./unavailable_backends.ts";

Deno.test("whyUnavailable() tells what was missing at the last attempt", async () => {
  assertEquals(whyUnavailable("abacus"), undefined);
  const missing = () =>
    Promise.reject(backendUnavailable("abacus", "no adapter was found"));
  await assertRejects(() => rememberingWhy("abacus", missing));
  assertEquals(whyUnavailable("abacus"), "no adapter was found");
  assertEquals(await rememberingWhy("abacus", () => Promise.resolve(7)), 7);
  assertEquals(whyUnavailable("abacus"), undefined);
  const broken = () => Promise.reject(new Error("broken"));
  await assertRejects(() => rememberingWhy("abacus", broken), Error, "broken");
  assertEquals(whyUnavailable("abacus"), undefined);
});
