// A plugin with a backend: inline it brings it, in a sandbox it is told why it cannot.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { isCoded } from "../core/base/mod.ts";
import { createEcosystem } from "./create_ecosystem.ts";

const PLUGIN = new URL(
  "../tests/fixtures/plugins/brings_backend/plugin.ts",
  import.meta.url,
).href;

Deno.test("backends of files are brought inline, and refused with the reason elsewhere", async () => {
  await using ecosystem = await createEcosystem();
  const { backends, loader } = ecosystem;
  for (const isolation of ["worker", "process"] as const) {
    const error = await loader.load(PLUGIN, { isolation }).catch((it) => it);
    assertEquals(error.code, "PLUGIN_LOAD_FAILED");
    assert(isCoded(error.cause));
    const { pluginCode } = error.cause.details;
    assertEquals(pluginCode, "UNAVAILABLE_IN_SANDBOX");
    assertMatch(error.message, /holds the arrays of the host/);
    assertEquals(backends.describe("far:none"), undefined);
  }
  const [handle] = await loader.load(PLUGIN, { isolation: "inline" });
  assertEquals(handle!.contributions(), ["backend far:none"]);
  assertEquals(backends.describe("far:none")?.owner, "far.backend");
});
