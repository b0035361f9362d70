// docs/cli.md is what its tool writes, and leaves nothing open.

import { assertEquals } from "@std/assert";
import { cliDoc } from "../tools/cli_doc.ts";

Deno.test("cli doc: the page is up to date; `deno task docs:cli` writes it", async () => {
  const page = new URL("../docs/cli.md", import.meta.url);
  assertEquals(await Deno.readTextFile(page), cliDoc());
});

Deno.test("cli doc: every setting has a meaning", () => {
  assertEquals(cliDoc().includes("undefined"), false);
});
