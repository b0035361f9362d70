import { assertEquals, assertThrows } from "@std/assert";
import { OptionError, randomKey } from "../core/base/mod.ts";
import { seedKey } from "./seed.ts";

Deno.test("seedKey() takes a number or a key", () => {
  assertEquals(seedKey(7), randomKey(7));
  assertEquals(seedKey([1, 2]), [1, 2]);
  assertThrows(() => seedKey(-1), OptionError, "seed");
});
