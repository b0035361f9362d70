// The script for bash in a bash: what Tab would offer.

import { assertEquals } from "@std/assert";
import { runSpiral } from "../fake_io_test.ts";

const { out: SCRIPT } = await runSpiral(["completion", "bash"]);

async function completions(words: readonly string[]): Promise<string[]> {
  const { stdout } = await new Deno.Command("bash", {
    args: [
      "-c",
      `${SCRIPT}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _spiral; printf '%s\\n' "\${COMPREPLY[@]}"`,
      "bash",
      ...words,
    ],
  }).output();
  return new TextDecoder().decode(stdout).trim().split("\n");
}

Deno.test("completion script of bash offers commands, commands in them, and options", async () => {
  assertEquals(await completions(["spiral", "mod"]), ["modules"]);
  assertEquals(await completions(["spiral", "modules", "sh"]), ["show"]);
  assertEquals(await completions(["spiral", "modules", "list", "--c"]), [
    "--category",
  ]);
  assertEquals(await completions(["spiral", "train", "a.yaml", "--ch"]), [
    "--checkpoint",
  ]);
});
