// A program that keeps a lockfile: what its second start is held to.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { createEcosystem } from "@spiraltorch/spiraltorch";
import { PluginError } from "@spiraltorch/spiraltorch/core";

const PLUGIN = new URL(
  "../examples/plugins/gates.ts",
  import.meta.url,
).href;

Deno.test("createEcosystem() holds plugins to its lockfile from the second start on", async () => {
  const folder = await Deno.makeTempDir();
  const lockfile = `${folder}/spiral.lock`;
  const cacheDir = `${folder}/cache`;
  try {
    for (const frozen of [false, true]) {
      await using ecosystem = await createEcosystem({
        lockfile,
        cacheDir,
        frozen,
      });
      const [handle] = await ecosystem.loader.load(PLUGIN);
      assertEquals(handle?.id, "example.gates");
    }
    const text = await Deno.readTextFile(lockfile);
    assert(text.includes('"plugin","example.gates","1.2.0"'), text);
    const altered = text.replaceAll(/sha256-./g, "sha256-_");
    await Deno.writeTextFile(
      lockfile,
      altered.replaceAll("sha256-_", "sha256-A"),
    );
    await using ecosystem = await createEcosystem({ lockfile, cacheDir });
    const error = await assertRejects(
      () => ecosystem.loader.load(PLUGIN),
      PluginError,
    );
    assertEquals(error.code, "INTEGRITY_MISMATCH");
    assertEquals(ecosystem.plugins.listPlugins(), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
