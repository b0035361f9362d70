import { assert, assertEquals } from "@std/assert";
import { isPrintable } from "../../../core/base/mod.ts";
import { runSpiral } from "../../../runtime/cli/fake_io_test.ts";
import type { HostAct } from "../attack_case.ts";

const ID = '<img src=x onerror="alert(1)">';

/** What a plugin says of itself stands in its own line, and is text wherever it is drawn. */
export const act: HostAct = async ({ ecosystem, moduleOf }) => {
  await ecosystem.loader.load(moduleOf());
  const { description } = ecosystem.operators.describe("attack:same");
  assertLine(description);
  for (
    const drawn of [ecosystem.plugins.toMermaid(), ecosystem.plugins.toDot()]
  ) {
    assert(!drawn.includes(ID), drawn);
  }
  const folder = await Deno.makeTempDir();
  try {
    const lock = ["--lock", `${folder}/spiral.lock`];
    const add = ["plugin", "add", moduleOf(), ...lock];
    await runSpiral([...add, "--cache", folder]);
    const { out } = await runSpiral(["plugin", "explain", ID, ...lock]);
    const lines = out.trimEnd().split("\n");
    const [is, ...others] = lines.filter((line) =>
      line.includes("javascript:")
    );
    assertEquals(others, []);
    assertLine(is!.replace(/^is +/, ""));
    assertEquals(
      lines.filter((line) => line.startsWith("may"))
        .map((line) => line.replace(/\s+/, " ")),
      ["may nothing"],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

function assertLine(text: string): void {
  assert(isPrintable(text), text);
  assertEquals(text.length, 200);
}
