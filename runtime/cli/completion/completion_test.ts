import { assertEquals, assertStringIncludes } from "@std/assert";
import { runSpiral } from "../fake_io_test.ts";
import { SHELLS } from "./shells.ts";

Deno.test.each(SHELLS.map((shell) => ({ shell })))(
  "spiral completion $shell knows commands in commands and their options",
  async ({ shell }) => {
    const { exitCode, out } = await runSpiral(["completion", shell]);
    assertEquals(exitCode, 0);
    for (const word of ["train", "modules", "search", "checkpoint", "json"]) {
      assertStringIncludes(out, word);
    }
  },
);

Deno.test("spiral completion refuses other shells", async () => {
  const { exitCode, err } = await runSpiral(["completion", "bsh"]);
  assertEquals(exitCode, 2);
  assertStringIncludes(err, 'found "bsh", wanted bash, zsh, fish');
});
