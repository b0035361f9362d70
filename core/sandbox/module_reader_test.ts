import { assertEquals, assertRejects } from "@std/assert";
import type { Tier } from "./enclosure.ts";
import { createModuleReader } from "./module_reader.ts";

Deno.test("createModuleReader() starts its sandbox for the first module, and not before", async () => {
  let opened = 0;
  const tier: Tier = {
    isolation: "process",
    open() {
      opened++;
      throw new RangeError("no sandbox");
    },
  };
  await using reader = await createModuleReader({ tier });
  assertEquals(opened, 0);
  const read = () => reader.read("x:a", "", { isTypeScript: false });
  await assertRejects(read, RangeError, "no sandbox");
  assertEquals(opened, 1);
});
